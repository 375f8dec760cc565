// Rows, ticks and times over the parts of a recording.
#include <host/record/reader.hpp>

#include <algorithm>
#include <numeric>

namespace simhost::record {

Result<std::unique_ptr<Reader>> Reader::open(const About& about, const std::vector<std::filesystem::path>& files) {
  std::vector<std::unique_ptr<Part>> parts;
  for (const auto& file : files) {
    auto part = open_part(file, about);
    if (!part) return fail(part.error());
    if ((*part)->about().columns.size() != about.columns.size() || (*part)->about().lanes != about.lanes)
      return fail("file_damaged", file.filename().string() + " is of another recording");
    parts.push_back(std::move(*part));
  }
  return std::make_unique<Reader>(about, std::move(parts));
}

Reader::Reader(const About& about, std::vector<std::unique_ptr<Part>> parts) : parts_(std::move(parts)), about_(about) {
  for (std::size_t p = 0; p < parts_.size(); ++p) {
    const auto& gaps = parts_[p]->gaps();
    gaps_.insert(gaps_.end(), gaps.begin(), gaps.end());
    for (std::size_t g = 0; g < parts_[p]->groups().size(); ++g) {
      const Group& group = parts_[p]->groups()[g];
      if (group.rows == 0) continue;
      from_s_ = places_.empty() ? group.from_s : std::min(from_s_, group.from_s);
      to_s_ = places_.empty() ? group.to_s : std::max(to_s_, group.to_s);
      places_.push_back({p, g, rows_, group});
      rows_ += group.rows;
    }
  }
  columns_.resize(about_.columns.size());
  std::iota(columns_.begin(), columns_.end(), std::size_t{0});
}

void Reader::select(std::vector<std::size_t> columns) {
  columns_ = std::move(columns);
  loaded_.reset();
}

Outcome Reader::load(std::size_t place) {
  if (loaded_ == place) return {};
  loaded_.reset();
  auto rows = parts_[places_[place].part]->read(places_[place].group, columns_);
  if (!rows) return fail(rows.error());
  rows_of_loaded_ = std::move(*rows);
  loaded_ = place;
  return {};
}

Result<Rows> Reader::read(std::uint64_t from_row, std::size_t count) {
  Rows rows;
  rows.clear(columns_.size());
  if (from_row >= rows_ || count == 0) return rows;
  const auto after = std::ranges::upper_bound(places_, from_row, {}, &Place::first_row);
  const auto place = static_cast<std::size_t>(after - places_.begin()) - 1;
  if (auto loaded = load(place); !loaded) return fail(loaded.error());
  const auto first = static_cast<std::size_t>(from_row - places_[place].first_row);
  rows.append(rows_of_loaded_, first, std::min(count, rows_of_loaded_.size() - first));
  return rows;
}

// is_before(group) tells whether a group holds such a row, is_in(i) whether row i of the loaded group is one.
template <class Before, class In>
Result<std::optional<std::uint64_t>> Reader::last_row(const Before& is_before, const In& is_in) {
  for (std::size_t place = places_.size(); place-- > 0;) {
    if (!is_before(places_[place].is)) continue;
    if (auto loaded = load(place); !loaded) return fail(loaded.error());
    for (std::size_t i = rows_of_loaded_.size(); i-- > 0;) {
      if (!is_in(i)) continue;
      const auto row = places_[place].first_row + i;
      return row / about_.lanes.size() * about_.lanes.size();
    }
  }
  return std::nullopt;
}

Result<std::optional<std::uint64_t>> Reader::row_at_time(double time_s) {
  return last_row([&](const Group& group) { return group.from_s <= time_s; },
                  [&](std::size_t i) { return rows_of_loaded_.time_s[i] <= time_s; });
}

Result<std::optional<std::uint64_t>> Reader::row_at_tick(std::int64_t tick) {
  return last_row([&](const Group& group) { return group.first_tick <= tick; },
                  [&](std::size_t i) { return rows_of_loaded_.tick[i] <= tick; });
}

}  // namespace simhost::record
