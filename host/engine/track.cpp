// Motion of a session's lanes, and writes into them.
#include <host/engine/track.hpp>

#include <algorithm>

namespace simhost::engine {

namespace {

void set_active(const Part& part, std::int64_t mask) noexcept {
  for (std::uint32_t k = part.first; k < part.first + part.count; ++k) part.block->active[k] = mask;
  part.block->recount();
}

// Calls f(block, slot) for each addressed lane; lanes ascending, empty meaning all.
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

std::uint32_t column_of(const StepModel& model, std::uint32_t id) noexcept {
  for (std::uint32_t c = 0; c < model.n_columns(); ++c)
    if (model.columns[c].id == id) return c;
  return model.n_columns();
}

void prepare_marked(Block& block) noexcept {
  const auto& model = block.model();
  if (model.table.prepare != nullptr) model.table.prepare(model.instance, &block.step_info(), &block.marked_lanes());
}

}  // namespace

void Track::start(const Pulse::Counter& beats) noexcept {
  offset = beats.load(std::memory_order_relaxed) - standing_tick;
  moving = true;
  for (const auto& part : parts) set_active(part, -1);
  pulse.move_with(beats, offset);
}

void Track::stand(std::uint64_t beats) noexcept {
  if (moving) standing_tick = beats - offset;
  moving = false;
  for (const auto& part : parts) set_active(part, 0);
  pulse.stand_at(standing_tick);
}

std::uint64_t Track::next_event_tick() const noexcept {
  std::uint64_t next = std::min(stop_tick, goal_tick);
  if (pending != nullptr) next = std::min(next, pending->tick);
  return next;
}

void Track::apply(const Write& write) noexcept {
  if (parts.empty()) return;
  const StepModel& model = parts.front().block->model();
  bool parameters = false;
  for (const auto& item : write.items) {
    const auto c = column_of(model, item.id);
    if (c == model.n_columns()) continue;  // gone with a reload
    const bool is_parameter = model.columns[c].causality == SIM_PARAMETER;
    parameters |= is_parameter;
    for_each_lane(parts, write.lanes, [&](Block& block, std::uint32_t slot, std::size_t i) {
      block.column(c)[slot] = item.values.size() == 1 ? item.values[0] : item.values[i];
      if (is_parameter) block.marked[slot] = -1;
    });
  }
  ++revision;
  if (!parameters) return;
  for (const auto& part : parts) prepare_marked(*part.block);
  for_each_lane(parts, write.lanes, [](Block& block, std::uint32_t slot, std::size_t) { block.marked[slot] = 0; });
}

void Track::prepare(Lanes lanes) noexcept {
  for (const auto& part : parts) {
    Block& block = *part.block;
    for (std::uint32_t k = part.first; k < part.first + part.count; ++k) block.marked[k] = -1;
    const auto& model = block.model();
    if (lanes == Lanes::fresh && model.table.reset != nullptr)
      model.table.reset(model.instance, &block.step_info(), &block.marked_lanes());
    prepare_marked(block);
    for (std::uint32_t k = part.first; k < part.first + part.count; ++k) block.marked[k] = 0;
  }
  ++revision;
}

void Track::prepare_owned(Block& block) noexcept {
  for (std::uint32_t k = 0; k < block.capacity(); ++k) block.marked[k] = block.owner[k] != nullptr ? -1 : 0;
  prepare_marked(block);
  std::fill_n(block.marked, block.capacity(), 0);
}

void Track::insert_pending(PendingWrite& write) noexcept {
  PendingWrite** at = &pending;
  while (*at != nullptr && (*at)->tick <= write.tick) at = &(*at)->next;
  write.next = *at;
  *at = &write;
}

}  // namespace simhost::engine
