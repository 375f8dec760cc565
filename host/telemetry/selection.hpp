// Which values of a session somebody wants, and where they stand in the frames of a tap.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include <host/engine/tap.hpp>

namespace simhost::telemetry {

using Tile = engine::Wanted::Tile;

// Variables by id, in the order wanted; lanes as ascending tiles that neither overlap nor touch.
struct Selection {
  std::vector<std::uint32_t> ids;
  std::vector<Tile> tiles;

  [[nodiscard]] std::size_t lanes() const noexcept;
  [[nodiscard]] std::size_t values() const noexcept { return ids.size() * lanes(); }
  friend bool operator==(const Selection& a, const Selection& b) noexcept;
};

// Ascending lanes as tiles; empty: all lanes of the session.
std::vector<Tile> tiles_of(std::span<const std::uint32_t> lanes, std::uint32_t session_lanes);
std::vector<std::uint32_t> lanes_of(std::span<const Tile> tiles);

// Adds what is missing: new ids at the end, tiles merged.
void unite(Selection& into, const Selection& other);

// The values of a selection out of frames that hold at least those, field-major and lane-minor as the selection has
// them.
class Gather {
 public:
  Gather() = default;
  Gather(const engine::Wanted& from, const Selection& what);

  // Whether frames of that tap hold all of the selection; copy is for those only.
  [[nodiscard]] bool complete() const noexcept { return complete_; }
  [[nodiscard]] std::size_t values() const noexcept { return values_; }
  void copy(const double* frame, double* out) const noexcept;

 private:
  struct Run {
    std::size_t at, count;
  };
  std::vector<std::size_t> columns_;  // offsets in the frame
  std::vector<Run> runs_;             // within a column
  std::size_t values_ = 0;
  bool complete_ = false;
};

}  // namespace simhost::telemetry
