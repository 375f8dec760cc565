// Carrying schedules out: looking at both clocks, holding sessions at their ticks, doing the actions.
#include <host/plan/schedules.hpp>

#include <algorithm>
#include <chrono>
#include <utility>

#include <host/base/clock.hpp>

namespace simhost::plan {

namespace {

constexpr std::int64_t held_look_ns = 1'000'000;      // while a session may be held
constexpr std::int64_t idle_look_ns = 1'000'000'000;  // the wall clock may be set meanwhile
constexpr auto leave_patience = std::chrono::seconds(10);

bool is_simulated(const Schedule& schedule) { return schedule.enabled && schedule.clock == ClockKind::simulated; }

}  // namespace

void Schedules::start() {
  thread_ = std::thread([this] { run(); });
}

Schedules::~Schedules() {
  hands_.registry.on_birth(this, {});
  std::unique_lock lock(mutex_);
  stop_ = true;
  changed_.notify_all();
  changed_.wait_for(lock, leave_patience, [this] { return under_way_ == 0; });
  lock.unlock();
  if (thread_.joinable()) thread_.join();
}

void Schedules::run() {
  std::unique_lock lock(mutex_);
  while (!stop_) {
    news_ = false;
    lock.unlock();
    turn();
    lock.lock();
    changed_.wait_for(lock, std::chrono::nanoseconds(wait_ns()), [this] { return stop_ || news_; });
  }
}

bool Schedules::waits_for(std::string_view session) const {
  return std::ranges::any_of(
      entries_, [&](const auto& e) { return is_simulated(e->schedule) && e->schedule.session == session; });
}

// A session that came back would run on before anybody has looked at it.
bool Schedules::is_born(const session::Session& session) {
  const std::lock_guard lock(mutex_);
  if (stop_ || !waits_for(session.id())) return false;
  auto& watch = watches_[session.id()];
  watch.session = nullptr;
  watch.born = true;
  news_ = true;
  changed_.notify_all();
  return true;
}

std::int64_t Schedules::wait_ns() const {
  for (const auto& [id, watch] : watches_)
    if (watch.session != nullptr || watch.born) return held_look_ns;
  auto wait = idle_look_ns;
  const auto now_ns = clock_.wall_ns();
  for (const auto& entry : entries_) {
    const auto& s = entry->schedule;
    if (s.enabled && s.next_wall_ns && !entry->running)
      wait = std::min(wait, std::max<std::int64_t>(0, *s.next_wall_ns - now_ns));
  }
  return wait;
}

bool Schedules::settled() const {
  const std::lock_guard lock(mutex_);
  const auto seen_to = [this](const auto& entry) {
    const auto watch = watches_.find(entry->schedule.session);
    return !is_simulated(entry->schedule) ||
           (watch != watches_.end() && !watch->second.busy && !watch->second.dirty && !watch->second.born);
  };
  return under_way_ == 0 && std::ranges::all_of(entries_, seen_to);
}

void Schedules::turn() {
  std::vector<std::vector<Due>> due;
  std::vector<std::string> where;  // the watched session of each, or empty
  {
    const std::lock_guard lock(mutex_);
    if (stop_) return;
    std::vector<Due> by_wall;
    take_wall(clock_.wall_ns(), by_wall);
    for (auto& one : by_wall) due.push_back({std::move(one)});
    where.resize(due.size());
    for (const auto& entry : entries_)
      if (is_simulated(entry->schedule)) watches_.try_emplace(entry->schedule.session);
    for (auto at = watches_.begin(); at != watches_.end();) {
      auto& [id, watch] = *at;
      look_at(id, watch, due);
      if (due.size() > where.size()) where.push_back(id);
      at = waits_for(id) || watch.busy ? std::next(at) : watches_.erase(at);
    }
    under_way_ += due.size();
  }
  for (std::size_t i = 0; i < due.size(); ++i) perform(std::move(due[i]), 0, where[i]);
}

void Schedules::take_wall(std::int64_t now_ns, std::vector<Due>& due) {
  for (const auto& entry : entries_) {
    auto& s = entry->schedule;
    if (!s.enabled || !s.next_wall_ns || *s.next_wall_ns > now_ns || entry->running) continue;
    entry->running = true;
    if (s.once()) s.enabled = false;
    s.next_wall_ns = s.once() ? std::nullopt : next_wall(s, now_ns);
    keep(s);
    due.push_back({s.id, hands_.registry.find(s.session), s.actions});
  }
}

bool Schedules::arm(const std::string& id, Watch& watch) {
  const bool fresh = watch.session == nullptr || watch.session->ended();
  if (fresh) watch.session = hands_.registry.find(id);
  if (watch.session != nullptr && !watch.session->usable()) watch.session = nullptr;
  if (watch.session == nullptr) return false;  // it may come back: the next look finds it
  const auto held = watch.session->held();
  if (fresh || (held.held && held.moved)) {
    replan(watch, held.held && held.moved ? held.tick + 1 : held.tick);
    hold_next(watch);
    return false;
  }
  if (held.held) return true;
  if (std::exchange(watch.dirty, false)) hold_next(watch);
  return false;
}

// What is due at the tick where a session stands goes into due.
void Schedules::look_at(const std::string& id, Watch& watch, std::vector<std::vector<Due>>& due) {
  if (watch.busy || !arm(id, watch)) return;
  watch.dirty = false;
  auto now = take_held(watch, watch.session->held().tick);
  if (now.empty()) return hold_next(watch);
  watch.busy = true;
  due.push_back(std::move(now));
}

// It is kept when it is done: a host that ends before does it again.
std::vector<Schedules::Due> Schedules::take_held(const Watch& watch, std::uint64_t tick) {
  std::vector<Due> due;
  for (const auto& entry : entries_) {
    auto& s = entry->schedule;
    if (!is_simulated(s) || s.session != watch.session->id() || !s.next_tick || *s.next_tick > tick) continue;
    due.push_back({s.id, watch.session, s.actions});
    if (s.once()) s.enabled = false;
    s.next_tick.reset();
    if (!s.once()) s.next_tick = next_tick(s, calendar_of(s, *watch.session), tick + 1);
  }
  return due;
}

void Schedules::replan(const Watch& watch, std::uint64_t from_tick) {
  for (const auto& entry : entries_) {
    auto& s = entry->schedule;
    if (!is_simulated(s) || s.session != watch.session->id()) continue;
    // What was done at the very tick at which it came back is not done again.
    const bool done = watch.born && s.last_run && s.last_run->tick == from_tick;
    s.next_tick = next_tick(s, calendar_of(s, *watch.session), from_tick + (done ? 1 : 0));
  }
}

void Schedules::hold_next(Watch& watch) {
  auto next = engine::no_tick;
  for (const auto& entry : entries_) {
    const auto& s = entry->schedule;
    if (is_simulated(s) && s.session == watch.session->id() && s.next_tick) next = std::min(next, *s.next_tick);
  }
  watch.busy = true;
  ++under_way_;
  hands_.registry.hold(watch.session, next, [this, id = watch.session->id()](Result<session::Nothing>) { held(id); });
}

void Schedules::held(const std::string& id) {
  const std::lock_guard lock(mutex_);
  if (const auto found = watches_.find(id); found != watches_.end()) {
    auto& watch = found->second;
    watch.busy = false;
    if (watch.session != nullptr && std::exchange(watch.born, false)) hands_.registry.let_go(watch.session, this);
  }
  leave();
}

void Schedules::leave() {
  --under_way_;
  changed_.notify_all();
}

void Schedules::perform(std::vector<Due> due, std::size_t next, std::string watched) {
  if (next == due.size()) return finish_watch(watched);
  const Due now = due[next];
  auto done = [this, due = std::move(due), next, watched = std::move(watched)](Result<session::Nothing> result) {
    finish(due[next], result);
    perform(due, next + 1, watched);
  };
  if (now.session == nullptr || now.session->ended())
    return done(fail("unknown_session", "the session of this schedule is deleted"));
  do_actions(hands_, now.session, now.actions, std::move(done));
}

void Schedules::finish(const Due& due, const Result<session::Nothing>& result) {
  LastRun run{clock_.wall_ns(), due.session == nullptr ? 0 : due.session->tick(), {}};
  if (!result) run.error = result.error();
  Value data = Value::object({{"schedule", due.id}, {"tick", run.tick}});
  std::string session;
  {
    const std::lock_guard lock(mutex_);
    auto* entry = at(due.id);
    if (entry == nullptr) return;
    entry->running = false;
    news_ = true;
    entry->schedule.last_run = run;
    session = entry->schedule.session;
    data.set("name", entry->schedule.name);
    keep(entry->schedule);
  }
  if (run.error) data.set("error", Value::object({{"code", run.error->code}, {"detail", run.error->detail}}));
  hands_.registry.publish({run.error ? "schedule.failed" : "schedule.ran", 0, session, std::move(data)});
}

// All that was due at this tick is done: the session goes on to the next.
void Schedules::finish_watch(const std::string& watched) {
  const std::lock_guard lock(mutex_);
  if (const auto found = watches_.find(watched); found != watches_.end() && found->second.session != nullptr) {
    auto& watch = found->second;
    const auto held = watch.session->held();
    if (held.moved) replan(watch, held.tick + 1);  // the actions themselves reset it
    hold_next(watch);
  }
  leave();
}

}  // namespace simhost::plan
