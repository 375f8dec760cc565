// Finding the lanes and columns of a session in its blocks: what writes and programs share.
#pragma once

#include <cstdint>
#include <vector>

#include <host/engine/block.hpp>
#include <host/engine/track.hpp>

namespace simhost::engine {

// Calls f(block, slot, place) for each addressed lane; lanes ascending, empty meaning all.
template <class F>
void for_each_lane(const std::vector<Part>& parts, const std::vector<std::uint32_t>& lanes, F&& f) noexcept {
  if (lanes.empty()) {
    std::size_t i = 0;
    for (const auto& part : parts)
      for (std::uint32_t k = 0; k < part.count; ++k) f(*part.block, part.first + k, i++);
    return;
  }
  auto part = parts.begin();
  for (std::size_t i = 0; i < lanes.size(); ++i) {
    while (part != parts.end() && lanes[i] >= part->first_lane + part->count) ++part;
    if (part == parts.end()) return;
    f(*part->block, part->first + (lanes[i] - part->first_lane), i);
  }
}

// The place of a variable among the columns; n_columns() when a reload took it away.
inline std::uint32_t column_of(const StepModel& model, std::uint32_t id) noexcept {
  for (std::uint32_t c = 0; c < model.n_columns(); ++c)
    if (model.columns[c].id == id) return c;
  return model.n_columns();
}

// Runs the model's prepare on the marked lanes of a block.
inline void prepare_marked(Block& block) noexcept {
  const auto& model = block.model();
  if (model.table.prepare != nullptr) model.table.prepare(model.instance, &block.step_info(), &block.marked_lanes());
}

}  // namespace simhost::engine
