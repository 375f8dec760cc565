/// Readings out of the rows of a recording, in order, a piece in memory at a time.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <vector>

#include "snapshot.hpp"

namespace robot_test_rig {

/// A tick as it was recorded.
struct RecordedTick {
  std::int64_t tick;
  Snapshot shown;
};
/// Rows from that one on, as many as come at once; none: the end.
using ReadRows = std::function<std::vector<RecordedTick>(std::uint64_t from_row)>;

/// Time went back at this row, to this tick: rows before it that are not before the tick never were.
struct Jump {
  std::uint64_t row;
  std::int64_t tick;
};

class Reel {
 public:
  /// jumps: by row.
  Reel(ReadRows read, std::vector<Jump> jumps) : read_(std::move(read)), jumps_(std::move(jumps)) {}
  std::optional<Reading> next();

 private:
  bool read_more();
  [[nodiscard]] bool never_was(std::int64_t tick);

  ReadRows read_;
  std::vector<Jump> jumps_;
  std::vector<RecordedTick> rows_;
  std::size_t at_ = 0;
  std::uint64_t row_ = 0;  // of the recording
  std::optional<Snapshot> before_;
  std::deque<Reading> ready_;
};

}  // namespace robot_test_rig
