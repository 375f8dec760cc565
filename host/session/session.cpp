// Reading a session.
#include <host/session/session.hpp>

#include <algorithm>

#include <host/base/clock.hpp>

namespace simhost::session {

namespace {
constexpr double ns_per_us = 1e3;

// A bucket's upper bound may lie above the largest value there was.
double quantile_us(const engine::Histogram::Counts& counts, double share, double max_ns) {
  return std::min(engine::Histogram::quantile_ns(counts, share), max_ns) / ns_per_us;
}

Stats stats_of(const engine::Seat::Stats& seat) {
  Stats stats;
  stats.missed = seat.missed;
  stats.overruns = seat.overruns;
  stats.lateness_p50_us = quantile_us(seat.lateness, 0.5, seat.lateness_max_ns);
  stats.lateness_p99_us = quantile_us(seat.lateness, 0.99, seat.lateness_max_ns);
  stats.lateness_max_us = seat.lateness_max_ns / ns_per_us;
  stats.step_p50_us = quantile_us(seat.step, 0.5, seat.step_max_ns);
  stats.step_p99_us = quantile_us(seat.step, 0.99, seat.step_max_ns);
  stats.step_max_us = seat.step_max_ns / ns_per_us;
  return stats;
}
}  // namespace

ModelPointer Session::model() const {
  const std::lock_guard lock(mutex_);
  return spec_.model;
}

// What a session does by itself (reaching its stop, failing) shows at once, also before the sweep has written it down.
State Session::state() const {
  const std::lock_guard lock(mutex_);
  const auto end = seat_.track.end.load(std::memory_order_acquire);
  if (end == engine::TrackEnd::failed) return State::failed;
  if (end == engine::TrackEnd::stop_reached && state_ == State::running) return State::stopped;
  return state_;
}

engine::Pace Session::pace() const {
  const std::lock_guard lock(mutex_);
  return spec_.pace;
}

Outcome Session::usable() const {
  if (ended()) return fail("not_found", "the session is deleted");
  if (!missing_) return {};
  return fail({"plugin_missing",
               "the session came back without its plugin " + model()->plugin + "; load that, and it goes on",
               {},
               409});
}

std::shared_ptr<engine::Tap> Session::tap() const {
  const std::lock_guard lock(mutex_);
  return tap_;
}

Info Session::info() const {
  Info info;
  info.state = state();
  const std::lock_guard lock(mutex_);
  info.id = id_;
  info.handle = handle_;
  info.name = spec_.name;
  info.model = spec_.model->id();
  info.plugin = spec_.model->plugin;
  info.owner = spec_.owner;
  info.generation = spec_.model->generation;
  info.reason = reason_;
  info.tick = tick();
  info.step_s = seconds_of(spec_.step_ns);
  info.time_s = static_cast<double>(info.tick) * info.step_s;
  info.lanes = spec_.lanes;
  info.pace = spec_.pace;
  info.overrun = spec_.overrun;
  info.stop_at_s = spec_.stop_at_s;
  info.seed = spec_.seed;
  info.tags = spec_.tags;
  info.playback = spec_.playback;
  info.created_wall_ns = created_wall_ns_;
  info.start_wall_ns = start_wall_ns_;
  info.stood_ns = stood_ns_;
  info.stats = stats_of(seat_.stats());
  info.stats.ticks = info.tick;
  info.stats.inbox = inbox_.load();
  info.stats.clients = clients.load();
  info.stats.dropped = dropped.load();
  return info;
}

std::vector<std::shared_ptr<const Checkpoint>> Session::checkpoints() const {
  const std::lock_guard lock(mutex_);
  return {checkpoints_.begin(), checkpoints_.end()};
}

std::shared_ptr<const Checkpoint> Session::find_checkpoint(std::string_view id_or_name) const {
  const std::lock_guard lock(mutex_);
  const auto at = std::ranges::find_if(
      checkpoints_, [&](const auto& c) { return c->id == id_or_name || (!c->name.empty() && c->name == id_or_name); });
  return at == checkpoints_.end() ? nullptr : *at;
}

Session::Held Session::held() const noexcept {
  Held out;
  out.held = seat_.track.held.load(std::memory_order_acquire);
  out.moved = seat_.track.moved.load(std::memory_order_relaxed);
  out.tick = tick();
  return out;
}

std::vector<Run> Session::runs() const {
  const std::lock_guard lock(mutex_);
  return runs_;
}

std::vector<JournalEntry> Session::journal(std::uint64_t after_tick) const {
  const std::lock_guard lock(mutex_);
  std::vector<JournalEntry> out;
  for (const auto& entry : journal_)
    if (after_tick == engine::no_tick || entry.tick > after_tick) out.push_back(entry);
  return out;
}

}  // namespace simhost::session
