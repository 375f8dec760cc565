// What each request does between two ticks: no allocation, lock or log.
#include <host/engine/ops.hpp>

#include <algorithm>
#include <chrono>
#include <utility>

#include <host/engine/program.hpp>
#include <host/engine/source.hpp>

namespace simhost::engine {

namespace {

void set_tick(const Part& part, std::uint64_t tick) noexcept {
  for (auto k = part.first; k < part.first + part.count; ++k) {
    part.block->tick[k] = tick;
    part.block->time_s[k] = static_cast<double>(tick) * part.block->step_info().dt_s;
  }
}

void copy_out(const Track& track, const Parcel& to, const IdMap& map) noexcept {
  for (const auto& part : track.parts) transfer(*part.block, part.first, *to.lanes, part.first_lane, part.count, map);
}

void copy_in(const Parcel& from, const Track& track, const IdMap& map) noexcept {
  for (const auto& part : track.parts) transfer(*from.lanes, part.first_lane, *part.block, part.first, part.count, map);
}

bool ended(const Track& track) noexcept { return track.end.load(std::memory_order_relaxed) != TrackEnd::none; }

}  // namespace

bool JoinOp::apply(Driver& driver) noexcept {
  driver.blocks().swap(blocks);
  driver.tracks().swap(tracks);
  driver.taps().swap(taps);
  track->parts.swap(parts);
  copy_in(from, *track, map);
  for (const auto& part : track->parts) {
    std::fill_n(part.block->owner.begin() + part.first, part.count, track);
    part.block->recount();
  }
  if (tap != nullptr) tap->attach(*track);
  if (motion == Motion::move)
    driver.start(*track);
  else
    track->pulse.stand_at(track->standing_tick);
  driver.republish(*track);
  return true;
}

bool LeaveOp::apply(Driver& driver) noexcept {
  was_moving = track->moving || track->go_on;
  driver.stand(*track);
  if (to.lanes != nullptr) copy_out(*track, to, map);
  if (track->tap != nullptr) track->tap->detach();
  for (const auto& part : track->parts) {
    part.block->clear(part.first, part.count);
    part.block->recount();
  }
  parts.swap(track->parts);
  driver.blocks().swap(blocks);
  driver.tracks().swap(tracks);
  driver.taps().swap(taps);
  track->goal_tick = track->goal_beat = no_tick;
  if (track->stepping != nullptr) std::exchange(track->stepping, nullptr)->finish();
  return true;
}

bool MoveOp::apply(Driver& driver) noexcept {
  if (track->parts.empty()) return true;
  if (motion == Motion::move && !ended(*track)) driver.start(*track);
  if (motion == Motion::stand) {
    driver.stand(*track);
    track->goal_tick = track->goal_beat = no_tick;
    if (track->stepping != nullptr) std::exchange(track->stepping, nullptr)->finish();
  }
  tick = track->tick(driver.beats());
  return true;
}

bool AdvanceOp::apply(Driver& driver) noexcept {
  if (track->parts.empty() || ended(*track)) verdict = Verdict::wrong_state;
  if (track->stepping != nullptr || track->moving) verdict = Verdict::busy;
  if (verdict != Verdict::applied) return true;
  track->goal_tick = track->source == nullptr ? track->standing_tick + ticks : no_tick;
  track->goal_beat = track->source != nullptr ? driver.beats() + ticks : no_tick;
  track->stepping = this;
  driver.start(*track);
  return false;
}

bool WriteOp::apply(Driver& driver) noexcept {
  const auto now = track->tick(driver.beats());
  const bool later = write->tick != no_tick && write->tick > now;
  applied_tick = later ? write->tick : now;
  if (track->parts.empty())
    verdict = Verdict::gone;
  else if (ended(*track))
    verdict = Verdict::wrong_state;
  else if (write->tick != no_tick && write->tick < now)
    verdict = Verdict::tick_passed;
  if (verdict == Verdict::applied) order = ++track->order;
  if (verdict != Verdict::applied || !later) {
    if (verdict == Verdict::applied) {
      track->write(write->write, now);
      if (!track->moving || driver.waits()) driver.republish(*track);
    }
    write->spent.store(true, std::memory_order_release);
    return true;
  }
  track->insert_pending(*write);
  driver.expect(*track);
  return true;
}

bool BeginOp::apply(Driver& driver) noexcept {
  tick = track->tick(driver.beats());
  if (track->parts.empty()) verdict = Verdict::gone;
  if (ended(*track)) verdict = Verdict::wrong_state;
  if (verdict != Verdict::applied) return true;
  program->begin(tick);
  track->add_program(*program);
  track->run_programs(tick);
  driver.expect(*track);
  if (!track->moving || driver.waits()) driver.republish(*track);
  return true;
}

bool EndOp::apply(Driver& driver) noexcept {
  tick = track->tick(driver.beats());
  track->end_program(*program, tick);
  return true;
}

bool HoldOp::apply(Driver& driver) noexcept {
  if (track->parts.empty() || (instead_of != no_tick && track->hold_tick != instead_of)) return true;
  const bool was_held = track->held.load(std::memory_order_relaxed);
  track->hold_tick = at_tick;
  // Who waits for at_tick has yet to see that it was reset.
  if (instead_of != no_tick && at_tick != no_tick && track->moved.load(std::memory_order_relaxed)) return true;
  track->moved.store(false, std::memory_order_relaxed);
  if (was_held) driver.release(*track);
  if (track->tick(driver.beats()) >= at_tick)
    driver.hold(*track);
  else
    driver.expect(*track);
  return true;
}

bool CommandOp::apply(Driver& driver) noexcept {
  applied_tick = track->tick(driver.beats());
  if (track->parts.empty()) verdict = Verdict::gone;
  if (verdict != Verdict::applied) return true;
  const StepModel& model = track->parts.front().block->model();
  if (command >= model.commands.size()) {
    verdict = Verdict::gone;
    return true;
  }
  const sim_command& table = *model.commands[command];
  auto part = track->parts.begin();
  for (std::size_t i = 0; i < lanes.size(); ++i) {
    while (lanes[i] >= part->first_lane + part->count) ++part;
    Block& block = *part->block;
    const auto slot = part->first + (lanes[i] - part->first_lane);
    const auto got = table.run(model.instance, &block.step_info(), &block.lanes(), slot, args.data(),
                               results.data() + i * table.n_results);
    if (got > status) status = got;
  }
  ++track->revision;
  order = ++track->order;
  if (!track->moving || driver.waits()) driver.republish(*track);
  return true;
}

bool ReadOp::apply(Driver& driver) noexcept {
  tick = track->tick(driver.beats());
  if (track->parts.empty()) {
    verdict = Verdict::gone;
    return true;
  }
  const StepModel& model = track->parts.front().block->model();
  double* out = values.data();
  for (const auto id : ids) {
    std::uint32_t c = 0;
    while (c < model.n_columns() && model.columns[c].id != id) ++c;
    if (c == model.n_columns()) {
      verdict = Verdict::gone;
      return true;
    }
    if (lanes.empty())
      for (const auto& part : track->parts)
        out = std::copy_n(std::as_const(*part.block).column(c) + part.first, part.count, out);
    auto part = track->parts.begin();
    for (const auto lane : lanes) {
      while (lane >= part->first_lane + part->count) ++part;
      *out++ = std::as_const(*part->block).column(c)[part->first + (lane - part->first_lane)];
    }
  }
  return true;
}

bool CaptureOp::apply(Driver& driver) noexcept {
  tick = track->tick(driver.beats());
  order = track->order;
  copy_out(*track, to, map);
  for (const auto* p = track->pending; p != nullptr && pending.size() < pending.capacity(); p = p->next)
    pending.push_back(p);
  for (auto* p = track->programs; p != nullptr; p = p->next) {
    p->save();
    if (programs.size() < programs.capacity()) programs.push_back(p);
  }
  return true;
}

bool OverwriteOp::apply(Driver& driver) noexcept {
  if (track->parts.empty()) return true;
  order = ++track->order;
  const bool go_on = motion == Motion::keep && (track->moving || track->go_on);
  driver.stand(*track);
  copy_in(from, *track, map);
  for (const auto& part : track->parts) set_tick(part, tick);
  track->standing_tick = tick;
  track->stop_tick = stop_tick;
  track->goal_tick = track->goal_beat = no_tick;
  if (track->source != nullptr) track->source->jump(row);
  for (auto* p = std::exchange(track->pending, nullptr); p != nullptr; p = p->next)
    p->spent.store(true, std::memory_order_release);
  for (auto* p : pending) track->insert_pending(*p);
  while (track->programs != nullptr) track->end_program(*track->programs, tick);
  for (auto* p : programs) track->add_program(*p);
  track->failing.store(SIM_OK, std::memory_order_relaxed);
  track->end.store(TrackEnd::none, std::memory_order_release);
  if (!map.carry_work) track->prepare(Track::Lanes::kept);
  ++track->revision;
  track->pulse.stand_at(tick);
  // Whoever holds it must look where it is now.
  if (track->hold_tick != no_tick) {
    track->moved.store(true, std::memory_order_relaxed);
    driver.hold(*track);
  }
  if (go_on) driver.start(*track);
  driver.republish(*track);
  if (track->stepping != nullptr) std::exchange(track->stepping, nullptr)->finish();
  return true;
}

bool TapOp::apply(Driver& driver) noexcept {
  if (track->tap != nullptr) track->tap->detach();
  driver.taps().swap(taps);
  if (tap != nullptr) tap->attach(*track);
  driver.republish(*track);
  return true;
}

bool PolicyOp::apply(Driver& driver) noexcept {
  const auto now = track->tick(driver.beats());
  if (stop_tick < now) {
    verdict = Verdict::tick_passed;
    return true;
  }
  const bool moving = track->moving;
  if (moving && track->skips != skips) {  // start and stand count the skipping ones
    driver.stand(*track);
    track->skips = skips;
    driver.start(*track);
  }
  track->skips = skips;
  track->stop_tick = stop_tick;
  driver.expect(*track);
  return true;
}

bool RehearseOp::apply(Driver&) noexcept {
  for (const auto& [from, to] : pairs) transfer(*from, 0, *to, 0, from->capacity(), map);
  return true;
}

bool ExchangeOp::apply(Driver& driver) noexcept {
  const auto begin = std::chrono::steady_clock::now();
  for (const auto& [from, to] : pairs) {
    transfer(*from, 0, *to, 0, from->capacity(), map);
    std::copy_n(from->active, from->capacity(), to->active);
    to->owner.swap(from->owner);
    from->taps = nullptr;
    to->recount();
    Track::prepare_owned(*to);
  }
  for (Track* track : tracks) {
    ++track->revision;
    for (auto& part : track->parts)
      for (const auto& [from, to] : pairs)
        if (part.block == from) {
          part.block = to;
          break;
        }
  }
  for (auto& [tap, columns] : taps) {
    tap->swap_columns(columns);
    for (const auto& [from, to] : pairs) tap->rebase(*from, *to);
  }
  driver.blocks().swap(blocks);
  stall_ns = std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now() - begin).count();
  return true;
}

}  // namespace simhost::engine
