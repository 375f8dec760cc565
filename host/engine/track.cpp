// Motion of a session's lanes, and writes into them.
#include <host/engine/track.hpp>

#include <algorithm>

#include <host/engine/lanes.hpp>
#include <host/engine/program.hpp>

namespace simhost::engine {

namespace {

void set_active(const Part& part, std::int64_t mask) noexcept {
  for (std::uint32_t k = part.first; k < part.first + part.count; ++k) part.block->active[k] = mask;
  part.block->recount();
}

}  // namespace

void Track::start(const Pulse::Counter& beats) noexcept {
  offset = beats.load(std::memory_order_relaxed) - standing_tick;
  moving = true;
  for (const auto& part : parts) set_active(part, -1);
  if (source != nullptr)
    pulse.stand_at(standing_tick);  // its ticks jump: each is said by itself
  else
    pulse.move_with(beats, offset);
}

void Track::stand(std::uint64_t beats) noexcept {
  if (moving) standing_tick = beats - offset;
  moving = false;
  for (const auto& part : parts) set_active(part, 0);
  pulse.stand_at(standing_tick);
}

std::uint64_t Track::next_event_tick() const noexcept {
  std::uint64_t next = std::min({stop_tick, goal_tick, hold_tick});
  if (pending != nullptr) next = std::min(next, pending->tick);
  for (const auto* program = programs; program != nullptr; program = program->next)
    next = std::min(next, program->next_tick());
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

void Track::write(const Write& write, std::uint64_t tick) noexcept {
  apply(write);
  for (auto* program = programs; program != nullptr; program = program->next) program->insist(*this, tick);
}

void Track::run_programs(std::uint64_t tick) noexcept {
  Program** at = &programs;
  while (*at != nullptr) {
    Program& program = **at;
    if (program.next_tick() <= tick) program.run(*this, tick);
    if (program.next_tick() != no_tick) {
      at = &program.next;
      continue;
    }
    *at = program.next;
    program.end(tick);
  }
}

void Track::add_program(Program& program) noexcept {
  Program** at = &programs;
  while (*at != nullptr) at = &(*at)->next;
  program.next = nullptr;
  *at = &program;
}

void Track::end_program(Program& program, std::uint64_t tick) noexcept {
  Program** at = &programs;
  while (*at != nullptr && *at != &program) at = &(*at)->next;
  if (*at == nullptr) return;
  *at = program.next;
  program.end(tick);
}

void Track::insert_pending(PendingWrite& write) noexcept {
  PendingWrite** at = &pending;
  while (*at != nullptr && (*at)->tick <= write.tick) at = &(*at)->next;
  write.next = *at;
  *at = &write;
}

}  // namespace simhost::engine
