// The rows of a recording that are about to be played: a bounded window between who decodes and who ticks.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

#include <sim/model.h>
#include <host/engine/source.hpp>

namespace simhost::playback {

// One thread fills, the driver takes; neither waits for the other.
class Deck final : public engine::Source {
 public:
  static constexpr std::size_t window_bytes = 8 << 20;
  static constexpr std::size_t window_rows = 4096;

  // rows: of the whole recording, each columns x lanes values, lanes within a column. starts: of each column, shown
  // where a cell is empty.
  Deck(std::uint64_t rows, std::size_t lanes, std::vector<double> starts);

  // --- the driver's: engine::Source ---
  Next look() noexcept override;
  std::uint64_t take() noexcept override;
  void release() noexcept override;
  void jump(std::uint64_t row) noexcept override;
  // [step] The step of the built-in model: copies the present row into the active lanes. instance is the deck.
  static std::int32_t step(void* instance, const sim_step* info, const sim_lanes* lanes) noexcept;

  // --- of the one who fills ---
  // The row that is to be put next, and how many there is room for now; 0 at the end of the recording.
  struct Room {
    std::uint64_t row;
    std::size_t count;
  };
  [[nodiscard]] Room room() noexcept;
  // Puts the row that room() named; a number that is none is an empty cell.
  void put(std::uint64_t tick, const std::vector<const double*>& columns) noexcept;
  void fail() noexcept { broken_.store(true); }  // no more rows will come
  // Whether the driver has looked in vain since this was last asked.
  [[nodiscard]] bool was_starved() noexcept { return starved_.exchange(false); }

  [[nodiscard]] std::size_t ahead() const noexcept { return put_.load() - taken_.load(); }  // [any] rows in the window
  [[nodiscard]] std::size_t lanes() const noexcept { return lanes_; }

 private:
  bool find_row() noexcept;
  // Which jump a row was fetched for, and the row that jump leads to.
  struct Goal {
    std::uint64_t jumps, row;
  };
  static constexpr unsigned row_bits = 40;
  static std::uint64_t pack(Goal goal) noexcept { return goal.jumps << row_bits | goal.row; }
  static Goal unpack(std::uint64_t word) noexcept {
    return {word >> row_bits, word & ((std::uint64_t{1} << row_bits) - 1)};
  }

  struct Slot {
    std::uint64_t jumps = 0, tick = 0;
    double* values = nullptr;
  };
  std::uint64_t rows_;
  std::size_t lanes_;
  std::vector<double> starts_;
  std::vector<Slot> slots_;
  std::vector<double> memory_;

  // The driver's.
  std::uint64_t row_ = 0;  // the present one
  const Slot* present_ = nullptr;
  // The filler's.
  Goal filling_{0, 0};

  std::atomic<std::uint64_t> goal_;
  std::atomic<bool> starved_{false}, broken_{false};
  alignas(64) std::atomic<std::uint64_t> put_{0};
  alignas(64) std::atomic<std::uint64_t> taken_{0};
};

}  // namespace simhost::playback
