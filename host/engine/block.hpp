// Lanes that are stepped in one call: one contiguous region, a column per variable, owned by the host.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include <host/engine/step_model.hpp>

namespace simhost::engine {

class Track;
struct TapPart;

// A block is touched by its driver between and during ticks; slots are handed out on the control side only.
class Block {
 public:
  static constexpr std::uint32_t lanes_max = 256;
  static constexpr std::uint32_t alignment_bytes = 64;

  // capacity: a multiple of 8. Every lane starts as padding: start values, active 0.
  Block(std::shared_ptr<const StepModel> model, std::uint32_t capacity, std::int64_t dt_ns);
  ~Block();
  Block(const Block&) = delete;
  Block& operator=(const Block&) = delete;

  [[nodiscard]] const StepModel& model() const noexcept { return *model_; }
  [[nodiscard]] const std::shared_ptr<const StepModel>& model_pointer() const noexcept { return model_; }
  [[nodiscard]] std::uint32_t capacity() const noexcept { return capacity_; }
  [[nodiscard]] const sim_step& step_info() const noexcept { return step_; }
  [[nodiscard]] std::int64_t dt_ns() const noexcept { return step_.dt_ns; }

  // To write to. What steps read is this column from now on.
  [[nodiscard]] double* column(std::uint32_t c) noexcept {
    if (c >= model_->first_param() && c < model_->first_state()) lanes_.flags = 0;
    return read_[c] = columns_[c];
  }
  [[nodiscard]] const double* column(std::uint32_t c) const noexcept { return columns_[c]; }
  [[nodiscard]] double* work(std::uint32_t w) noexcept { return columns_[model_->n_columns() + w]; }
  [[nodiscard]] const double* work(std::uint32_t w) const noexcept { return columns_[model_->n_columns() + w]; }
  std::uint64_t* tick = nullptr;
  double* time_s = nullptr;
  std::uint64_t* seed = nullptr;
  std::uint32_t* lane = nullptr;
  std::int64_t* active = nullptr;
  std::int64_t* marked = nullptr;  // the blend mask of prepare and reset
  std::int32_t* status = nullptr;
  std::vector<Track*> owner;  // whose lane each slot is; nullptr: free

  [[nodiscard]] const sim_lanes& lanes() const noexcept { return lanes_; }
  // As lanes(), with marked in the place of active.
  [[nodiscard]] const sim_lanes& marked_lanes() const noexcept { return marked_lanes_; }

  // Control side: hands out count neighbouring slots (place of the first) or -1; gives them back.
  [[nodiscard]] std::int64_t take(std::uint32_t count);
  void give_back(std::uint32_t first, std::uint32_t count);
  // The same slots are out as in other: for the block that takes its place.
  void adopt_slots(const Block& other);
  [[nodiscard]] std::uint32_t taken() const noexcept { return taken_; }

  // Puts padding values into slots first..first+count-1.
  void clear(std::uint32_t first, std::uint32_t count) noexcept;
  // Recounts lanes().n, lets steps read what all lanes have at its start value from the model, and tells them whether
  // all lanes have the same parameters; after join, leave and clear.
  void recount() noexcept;

  // Steps the active lanes once. Returns whether every lane's status is OK.
  bool step() noexcept;
  // The status of the last call itself: SIM_OK or SIM_FATAL.
  [[nodiscard]] std::int32_t call_status() const noexcept { return call_status_; }
  void set_deadline(std::int64_t deadline_ns) noexcept { step_.deadline_ns = deadline_ns; }

  std::uint32_t moving = 0;  // how many lanes are active; a block with none is not stepped
  TapPart* taps = nullptr;   // what is copied after a step, an intrusive list

 private:
  void lay_out();
  void share() noexcept;
  [[nodiscard]] bool has_same_parameters() const noexcept;
  void save_shadow() noexcept;
  void restore_non_finite() noexcept;
  void advance() noexcept;

  std::shared_ptr<const StepModel> model_;
  std::uint32_t capacity_;
  sim_step step_{};
  void* memory_ = nullptr;
  std::vector<double*> columns_;  // variables, then work
  // What steps read of each variable: its column, or, of an input or parameter that is at its start value in every
  // lane, the model's. A fleet of a hundred thousand is stepped from memory, and most of what it reads is the same.
  std::vector<double*> read_;
  std::vector<double> shadow_;  // state and outputs before a step, for models that do not check themselves
  sim_lanes lanes_{}, marked_lanes_{};
  std::uint32_t taken_ = 0;
  std::vector<bool> slot_taken_;
  std::int32_t call_status_ = SIM_OK;
};

}  // namespace simhost::engine
