// Rows of a recording as columns in memory: one row per tick and lane, ticks whole, lanes ascending within a tick.
#pragma once

#include <cstdint>
#include <vector>

namespace simhost::record {

struct Rows {
  std::vector<std::int64_t> tick;
  std::vector<double> time_s;
  std::vector<std::int32_t> lane;
  // One for each column asked for. Booleans are 0 and 1, enums places in enum_names; what a file leaves empty is NaN.
  std::vector<std::vector<double>> values;

  [[nodiscard]] std::size_t size() const noexcept { return tick.size(); }
  void clear(std::size_t columns);
  void reserve(std::size_t rows);
  void append(const Rows& other, std::size_t first, std::size_t count);
};

}  // namespace simhost::record
