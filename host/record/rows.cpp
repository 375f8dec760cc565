// Moving rows between batches.
#include <host/record/rows.hpp>

namespace simhost::record {

namespace {
template <class T>
void add(std::vector<T>& to, const std::vector<T>& from, std::size_t first, std::size_t count) {
  const auto begin = from.begin() + static_cast<std::ptrdiff_t>(first);
  to.insert(to.end(), begin, begin + static_cast<std::ptrdiff_t>(count));
}
}  // namespace

void Rows::clear(std::size_t columns) {
  tick.clear();
  time_s.clear();
  lane.clear();
  values.resize(columns);
  for (auto& column : values) column.clear();
}

void Rows::reserve(std::size_t rows) {
  tick.reserve(rows);
  time_s.reserve(rows);
  lane.reserve(rows);
  for (auto& column : values) column.reserve(rows);
}

void Rows::append(const Rows& other, std::size_t first, std::size_t count) {
  add(tick, other.tick, first, count);
  add(time_s, other.time_s, first, count);
  add(lane, other.lane, first, count);
  for (std::size_t c = 0; c < values.size(); ++c) add(values[c], other.values[c], first, count);
}

}  // namespace simhost::record
