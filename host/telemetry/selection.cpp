// Lane tiles, unions of selections, and copying of values out of frames.
#include <host/telemetry/selection.hpp>

#include <algorithm>
#include <numeric>

namespace simhost::telemetry {

namespace {

// Sorted tiles become disjoint ones that do not touch.
std::vector<Tile> merged(const std::vector<Tile>& sorted) {
  std::vector<Tile> out;
  for (const auto& tile : sorted) {
    if (out.empty() || tile.first_lane > out.back().first_lane + out.back().count) {
      out.push_back(tile);
      continue;
    }
    const auto end = std::max(out.back().first_lane + out.back().count, tile.first_lane + tile.count);
    out.back().count = end - out.back().first_lane;
  }
  return out;
}

}  // namespace

std::size_t Selection::lanes() const noexcept {
  return std::accumulate(tiles.begin(), tiles.end(), std::size_t{0},
                         [](auto sum, const Tile& t) { return sum + t.count; });
}

bool operator==(const Selection& a, const Selection& b) noexcept {
  return a.ids == b.ids && std::ranges::equal(a.tiles, b.tiles, [](const Tile& x, const Tile& y) {
           return x.first_lane == y.first_lane && x.count == y.count;
         });
}

std::vector<Tile> tiles_of(std::span<const std::uint32_t> lanes, std::uint32_t session_lanes) {
  if (lanes.empty()) return {{0, session_lanes}};
  std::vector<Tile> tiles;
  for (const auto lane : lanes) tiles.push_back({lane, 1});
  return merged(tiles);
}

std::vector<std::uint32_t> lanes_of(std::span<const Tile> tiles) {
  std::vector<std::uint32_t> lanes;
  for (const auto& tile : tiles)
    for (std::uint32_t k = 0; k < tile.count; ++k) lanes.push_back(tile.first_lane + k);
  return lanes;
}

void unite(Selection& into, const Selection& other) {
  for (const auto id : other.ids)
    if (std::ranges::find(into.ids, id) == into.ids.end()) into.ids.push_back(id);
  std::vector<Tile> tiles;
  std::ranges::merge(into.tiles, other.tiles, std::back_inserter(tiles), {}, &Tile::first_lane, &Tile::first_lane);
  into.tiles = merged(tiles);
}

Gather::Gather(const engine::Wanted& from, const Selection& what) : values_(what.values()) {
  const std::size_t stride = from.lanes();
  for (const auto id : what.ids) {
    const auto at = std::ranges::find(from.ids, id);
    if (at == from.ids.end()) return;
    columns_.push_back(static_cast<std::size_t>(at - from.ids.begin()) * stride);
  }
  for (const auto& tile : what.tiles) {
    std::size_t before = 0;
    const auto holds = [&](const Tile& t) {
      if (tile.first_lane >= t.first_lane && tile.first_lane + tile.count <= t.first_lane + t.count) return true;
      before += t.count;
      return false;
    };
    const auto at = std::ranges::find_if(from.tiles, holds);
    if (at == from.tiles.end()) return;
    runs_.push_back({before + (tile.first_lane - at->first_lane), tile.count});
  }
  complete_ = true;
}

void Gather::copy(const double* frame, double* out) const noexcept {
  for (const auto column : columns_)
    for (const auto& run : runs_) out = std::copy_n(frame + column + run.at, run.count, out);
}

}  // namespace simhost::telemetry
