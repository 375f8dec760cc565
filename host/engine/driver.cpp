// Beats, events and failures of a driver.
#include <host/engine/driver.hpp>

#include <algorithm>
#include <utility>

#include <host/base/limits.hpp>
#include <host/engine/source.hpp>

namespace simhost::engine {

namespace {
void bump(std::atomic<std::uint64_t>& word, std::uint64_t by) noexcept {
  word.store(word.load(std::memory_order_relaxed) + by, std::memory_order_relaxed);
}
double time_of(const Track& track, std::uint64_t tick) noexcept {
  return static_cast<double>(tick) * track.parts.front().block->step_info().dt_s;
}
constexpr std::int64_t wake_apart_ns = limits::wake_up_ns;
}  // namespace

Driver::Driver(Kind kind, Schedule schedule, Pulse::Counter& beats, Stepper& stepper, Runner& runner)
    : kind_(kind), schedule_(schedule), beats_(beats), stepper_(stepper), runner_(runner) {}

void Driver::drain() noexcept {
  if (inbox_.empty()) return;
  inbox_.drain([this](Op& op) {
    if (op.apply(*this)) op.finish();
  });
  if (next_event_ <= beats()) serve_events();
}

void Driver::beat() noexcept {
  const auto before = beats();
  Track* const plays = player();
  if (plays != nullptr && plays->source->look() != Source::Next::row)
    return fail(*plays, {TrackFailure::Cause::source, 0, 0});
  const auto ticks = plays != nullptr ? take_row(*plays) : 1;
  for (Tap* tap : taps_) tap->begin(tap->track().tick(before) + 1, ticks);
  stepper_.step(blocks_, *this, load_, give_way_);
  beats_.store(before + 1, std::memory_order_release);
  for (Tap* tap : taps_) {
    const Track& track = tap->track();
    const auto tick = track.tick(before + 1);
    tap->end(tick, time_of(track, tick), track.revision);
  }
  if (plays != nullptr) release_row(*plays);
  if (trouble_.load(std::memory_order_relaxed)) settle_failures();
  if (next_event_ <= before + 1) serve_events();
}

bool Driver::starved() const noexcept {
  const Track* track = player();
  return track != nullptr && track->moving && track->source->look() == Source::Next::wait;
}

// The beat leads to the tick of the next row. Returns by how many ticks it goes on; where it goes back, by one.
std::uint64_t Driver::take_row(Track& track) noexcept {
  const auto before = track.tick(beats());
  const auto after = track.source->take();
  track.offset = beats() + 1 - after;
  return after > before ? after - before : 1;
}

// Ticks jump, so what happens at one is looked for after each.
void Driver::release_row(Track& track) noexcept {
  track.source->release();
  track.pulse.stand_at(track.tick(beats()));
  next_event_ = beats();
}

void Driver::run(Block& block) noexcept {
  const bool good = block.step();
  for (TapPart* part = block.taps; part != nullptr; part = part->next) part->tap->copy(*part);
  if (!good) note_trouble(block);
}

void Driver::note_trouble(Block& block) noexcept {
  const bool fatal = block.call_status() == SIM_FATAL;
  for (std::uint32_t k = 0; k < block.lanes().n; ++k) {
    if (block.active[k] == 0) continue;
    Track& track = *block.owner[k];
    if (!fatal && block.status[k] == SIM_OK) continue;
    if (!fatal && block.status[k] == SIM_DISCARD) {
      track.has_discarded.store(true, std::memory_order_relaxed);
      continue;
    }
    std::int32_t none = SIM_OK;
    if (track.failing.compare_exchange_strong(none, fatal ? SIM_FATAL : SIM_ERROR))
      track.failing_lane.store(block.lane[k], std::memory_order_relaxed);
    trouble_.store(true, std::memory_order_relaxed);
  }
}

void Driver::settle_failures() noexcept {
  trouble_.store(false, std::memory_order_relaxed);
  for (Track* track : tracks_) {
    const auto status = track->failing.load(std::memory_order_relaxed);
    if (status == SIM_OK || !track->moving) continue;
    const auto cause = status == SIM_FATAL ? TrackFailure::Cause::plugin : TrackFailure::Cause::model;
    fail(*track, {cause, track->failing_lane.load(std::memory_order_relaxed), 0});
  }
}

void Driver::fail(Track& track, TrackFailure failure) noexcept {
  stand(track);
  track.failure = failure;
  track.failure.tick = track.standing_tick;
  track.end.store(TrackEnd::failed, std::memory_order_release);
  if (track.stepping != nullptr) std::exchange(track.stepping, nullptr)->finish();
}

void Driver::abort() noexcept {
  for (Track* track : tracks_)
    if (track->moving) fail(*track, {TrackFailure::Cause::overrun, 0, 0});
}

void Driver::start(Track& track) noexcept {
  if (track.moving) return;
  if (track.held.load(std::memory_order_relaxed)) {
    track.go_on = true;
    return;
  }
  if (moving_ == 0 && kind_ == Kind::realtime) align(woken_ns_);
  ++moving_;
  skipping_ += track.skips ? 1 : 0;
  track.start(beats_);
  expect(track);
  if (track.source != nullptr) serve_track(track);  // it may have no row to go to
}

void Driver::stand(Track& track) noexcept {
  track.go_on = false;
  if (!track.moving) return;
  --moving_;
  skipping_ -= track.skips ? 1 : 0;
  track.stand(beats());
  republish(track);
}

void Driver::hold(Track& track) noexcept {
  const bool moved = track.moving;
  stand(track);
  track.go_on = moved;
  track.held.store(true, std::memory_order_release);
}

void Driver::release(Track& track) noexcept {
  track.held.store(false, std::memory_order_relaxed);
  if (std::exchange(track.go_on, false)) start(track);
}

void Driver::expect(const Track& track) noexcept {
  const auto tick = track.next_event_tick();
  if (track.moving && tick != no_tick) next_event_ = std::min(next_event_, std::max(tick + track.offset, beats()));
}

void Driver::republish(Track& track) noexcept {
  if (track.tap == nullptr || track.parts.empty()) return;
  if (waits()) return track.tap->set_stale();
  const auto tick = track.tick(beats());
  track.tap->republish(tick, time_of(track, tick), track.revision);
}

bool Driver::may_renew() const noexcept {
  return std::ranges::any_of(tracks_, [](const Track* track) {
    return !track->moving && track->tap != nullptr && track->tap->stale() && !track->tap->full();
  });
}

void Driver::renew() noexcept {
  if (!may_renew()) return;
  for (Track* track : tracks_) republish(*track);
}

void Driver::serve_events() noexcept {
  next_event_ = no_tick;
  for (Track* track : tracks_)
    if (track->moving && serve_track(*track)) expect(*track);
}

// Returns whether the track still moves.
bool Driver::serve_track(Track& track) noexcept {
  const auto tick = track.tick(beats());
  track.run_programs(tick);
  while (track.pending != nullptr && track.pending->tick <= tick) {
    PendingWrite& due = *std::exchange(track.pending, track.pending->next);
    track.write(due.write, tick);
    due.spent.store(true, std::memory_order_release);
  }
  if (tick >= track.hold_tick) {
    hold(track);
    return false;
  }
  const bool over = track.source != nullptr && track.source->look() == Source::Next::end;
  const bool stops = tick >= track.stop_tick || over;
  if (!stops && tick < track.goal_tick && beats() < track.goal_beat) return true;
  track.goal_tick = track.goal_beat = no_tick;
  stand(track);
  if (stops) track.end.store(TrackEnd::stop_reached, std::memory_order_release);
  if (track.stepping != nullptr) std::exchange(track.stepping, nullptr)->finish();
  return false;
}

// The first due time after now on the driver's grid; beats of short periods are bundled into wake-ups >= 250 us apart.
void Driver::align(std::int64_t now_ns) noexcept {
  const auto since = now_ns - schedule_.phase_ns;
  next_due_ns_ = schedule_.phase_ns + (since / schedule_.period_ns + 1) * schedule_.period_ns;
  next_wake_ns_ = next_due_ns_;
}

void Driver::run_due(std::int64_t now_ns, Now now, void* clock, GiveWay* give_way) noexcept {
  woken_ns_ = now_ns;
  give_way_ = give_way;
  running_ = true;
  run_beats(now_ns, now, clock);
  running_ = false;
}

void Driver::run_beats(std::int64_t now_ns, Now now, void* clock) noexcept {
  drain();
  if (moving_ == 0 || now_ns < next_wake_ns_) return;
  const auto lateness = now_ns - next_wake_ns_;
  lateness_.add(lateness);
  const auto due = (now_ns - next_due_ns_) / schedule_.period_ns + 1;
  const auto bundled = (next_wake_ns_ - next_due_ns_) / schedule_.period_ns + 1;
  if (due > bundled) bump(late_, 1);
  run_burst(beats_allowed(due, bundled), now, clock);
  next_wake_ns_ = next_due_ns_ + (wake_apart_ns - 1) / schedule_.period_ns * schedule_.period_ns;
}

// How many of the ticks that are due run now. The rest are dropped, or stay due where the clock gives way.
std::int64_t Driver::beats_allowed(std::int64_t due, std::int64_t bundled) noexcept {
  if (owns_clock(schedule_.overrun)) return bundled;
  const auto allowed = std::max(bundled, schedule_.catch_up_max);
  if (due > allowed) drop(due - allowed);
  return std::min(due, allowed);
}

void Driver::drop(std::int64_t beats) noexcept {
  next_due_ns_ += beats * schedule_.period_ns;
  bump(missed_, static_cast<std::uint64_t>(beats) * moving_);
  for (Track* track : tracks_)
    if (track->moving) bump(track->missed, static_cast<std::uint64_t>(beats));
}

// Sessions that skip rest until the last of several due beats. The beats of one wake-up share its deadline, as they
// share its due time; those that are made up have none before their own.
void Driver::run_burst(std::int64_t beats, Now now, void* clock) noexcept {
  const bool resting = skipping_ > 0 && beats > 1;
  const auto deadline_ns = next_wake_ns_ + schedule_.period_ns;
  bool late = false;
  if (resting) set_skipping(Skipping::rest, 0);
  auto begin = now(clock);
  for (std::int64_t i = 0; i < beats && moving_ > 0; ++i) {
    if (starved()) {  // counts as an overrun: its clock gives way
      late = true;
      bump(overruns_, 1);
      break;
    }
    if (resting && i == beats - 1) set_skipping(Skipping::move, beats - 1);
    beat();
    const auto end = now(clock);
    step_time_.add(end - begin);
    next_due_ns_ += schedule_.period_ns;
    if (end > std::max(next_due_ns_, deadline_ns)) {
      late = true;
      bump(overruns_, 1);
      if (schedule_.overrun == Overrun::abort) abort();
    }
    begin = end;
  }
  // The clock gives way: what comes next is due a whole burst after this one began, and not before it ended.
  if (late && schedule_.overrun == Overrun::slow)
    next_due_ns_ = std::max({next_due_ns_, woken_ns_ + beats * schedule_.period_ns, begin});
}

void Driver::set_skipping(Skipping what, std::int64_t skipped) noexcept {
  for (Track* track : tracks_) {
    if (!track->moving || !track->skips) continue;
    for (const auto& part : track->parts) {
      for (auto k = part.first; k < part.first + part.count; ++k)
        part.block->active[k] = what == Skipping::rest ? 0 : -1;
      part.block->recount();
    }
    if (what == Skipping::rest) continue;
    track->offset += static_cast<std::uint64_t>(skipped);
    track->pulse.move_with(beats_, track->offset);
    bump(track->missed, static_cast<std::uint64_t>(skipped));
    bump(missed_, static_cast<std::uint64_t>(skipped));
    expect(*track);
  }
}

}  // namespace simhost::engine
