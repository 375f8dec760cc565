// The maps of sessions, the control thread and the events.
#include <host/session/registry.hpp>

#include <algorithm>
#include <utility>

#include <host/base/limits.hpp>
#include <host/base/log.hpp>

namespace simhost::session {

Registry::Registry(engine::Engine& engine, Models& models, const Clock& clock, RegistryOptions options)
    : engine_(engine),
      models_(models),
      clock_(clock),
      ids_(clock),
      options_(options),
      chronicle_(options.store),
      control_([this] { run(); }) {}

Registry::~Registry() {
  chronicle_.close();
  in_order([this] {
    for (const auto& session : list()) static_cast<void>(do_remove(session));
  });
  {
    const std::lock_guard lock(work_mutex_);
    stop_ = true;
  }
  work_came_.notify_one();
  control_.join();
}

void Registry::in_order(std::function<void()> work) {
  {
    const std::lock_guard lock(work_mutex_);
    work_.push_back(std::move(work));
  }
  work_came_.notify_one();
}

void Registry::run() {
  std::unique_lock lock(work_mutex_);
  for (;;) {
    work_came_.wait(lock, [this] { return stop_ || !work_.empty(); });
    if (work_.empty()) return;
    auto work = std::move(work_.front());
    work_.pop_front();
    lock.unlock();
    work();
    work = nullptr;
    lock.lock();
  }
}

SessionPointer Registry::find(std::string_view id_or_name) const {
  const std::lock_guard lock(mutex_);
  const auto at = by_key_.find(std::string(id_or_name));
  return at == by_key_.end() ? nullptr : at->second;
}

SessionPointer Registry::find_handle(std::uint64_t handle) const {
  const std::lock_guard lock(mutex_);
  const auto at = by_handle_.find(handle);
  return at == by_handle_.end() ? nullptr : at->second;
}

std::vector<SessionPointer> Registry::list() const {
  const std::lock_guard lock(mutex_);
  return by_creation_;
}

Registry::Counts Registry::counts() const {
  Counts counts;
  const auto sessions = list();
  counts.sessions = sessions.size();
  for (const auto& session : sessions) {
    counts.lanes += session->lanes();
    ++counts.by_state[static_cast<std::size_t>(session->state())];
  }
  return counts;
}

void Registry::on_playback(Play play) {
  const std::lock_guard lock(play_mutex_);
  play_ = std::move(play);
}

void Registry::on_event(EventSink sink) { sinks_.push_back(std::move(sink)); }

void Registry::publish(Event event) {
  if (event.at_wall_ns == 0) event.at_wall_ns = clock_.wall_ns();
  for (const auto& sink : sinks_) sink(event);
}

Outcome Registry::enter(const SessionPointer& session) {
  const std::lock_guard lock(mutex_);
  const auto& name = session->spec_.name;
  if (by_creation_.size() >= options_.sessions_max)
    return fail("limit_reached", "at most " + std::to_string(options_.sessions_max) + " sessions; delete one first");
  if (lanes_ + session->lanes() > options_.lanes_max)
    return fail("limit_reached", "at most " + std::to_string(options_.lanes_max) + " lanes in all; " +
                                     std::to_string(options_.lanes_max - lanes_) + " are left");
  if (!name.empty() && by_key_.contains(name)) return fail("name_taken", "another session is called " + name);
  if (session->handle_ == 0) session->handle_ = next_handle_;
  next_handle_ = std::max(next_handle_, session->handle_ + 1);
  by_key_[session->id_] = session;
  if (!name.empty()) by_key_[name] = session;
  by_handle_[session->handle_] = session;
  by_creation_.push_back(session);
  lanes_ += session->lanes();
  return {};
}

void Registry::leave(const Session& session) {
  const std::lock_guard lock(mutex_);
  std::erase_if(by_creation_, [&](const auto& s) { return s.get() == &session; });
  by_key_.erase(session.id_);
  if (!session.spec_.name.empty()) by_key_.erase(session.spec_.name);
  by_handle_.erase(session.handle_);
  lanes_ -= session.lanes();
}

Outcome Registry::rename(const SessionPointer& session, const std::string& name) {
  const std::lock_guard lock(mutex_);
  const auto taken = by_key_.find(name);
  if (!name.empty() && taken != by_key_.end() && taken->second != session)
    return fail("name_taken", "another session is called " + name);
  if (!session->spec_.owner.empty() && name != session->spec_.name)
    return fail("in_use", "the session belongs to " + session->spec_.owner + ", which knows it by its name");
  if (!session->spec_.name.empty()) by_key_.erase(session->spec_.name);
  if (!name.empty()) by_key_[name] = session;
  const std::lock_guard own(session->mutex_);
  session->spec_.name = name;
  return {};
}

void Registry::say_state(const Session& session, State from, State to) {
  publish({"session.state", 0, session.id_,
           Value::object({{"from", to_string(from)}, {"to", to_string(to)}, {"tick", session.tick()}})});
}

void Registry::set_state(Session& session, State state, std::int64_t wall_ns) {
  State before;
  {
    const std::lock_guard lock(session.mutex_);
    before = std::exchange(session.state_, state);
    if (before == state) return;
    if (before == State::running) session.stood_since_wall_ns_ = wall_ns;
    if (state == State::running) {
      // The wall clock of a frame is start + time: standing moves the start on.
      const auto time_ns = static_cast<std::int64_t>(session.tick()) * session.spec_.step_ns;
      session.stood_ns_ += wall_ns - session.stood_since_wall_ns_;
      session.start_wall_ns_ = session.spec_.pace.mode == engine::Pace::Mode::realtime && session.spec_.pace.rate == 1.0
                                   ? wall_ns - time_ns
                                   : session.start_wall_ns_ + (wall_ns - session.stood_since_wall_ns_);
    }
  }
  keep(session);
  say_state(session, before, state);
}

// Under the lock of the session its removal takes too: nothing is written of one that is gone.
void Registry::note(Session& session, std::string kind, std::uint64_t tick, Value detail, std::uint64_t order) {
  const std::lock_guard lock(session.mutex_);
  if (session.journal_.size() >= limits::journal_entries) session.journal_.pop_front();
  session.journal_.push_back(
      {++session.journalled_, tick, clock_.wall_ns(), std::move(kind), std::move(detail), order});
  if (!session.ended() && session.spec_.playback == nullptr)
    chronicle_.note(session.id_, session.journal_.back(), session.tick());
}

namespace {
Reason reason_of(const engine::TrackFailure& failure, const std::string& plugin) {
  using Cause = engine::TrackFailure::Cause;
  switch (failure.cause) {
    case Cause::overrun:
      return {"overrun", plugin, "a tick ended after its deadline, and the overrun policy is abort", 0, failure.tick};
    case Cause::source:
      return {"file_damaged", plugin, "the recording cannot be read any further", 0, failure.tick};
    case Cause::plugin:
      return {"plugin_fatal", plugin, "the plugin reported that it cannot go on", failure.lane, failure.tick};
    default:
      return {"simulation_failed", plugin,
              "the model reported an error or a value that is not finite; the lane kept its last good values",
              failure.lane, failure.tick};
  }
}
}  // namespace

void Registry::settle(Session& session) {
  const auto end = session.seat_.track.end.load(std::memory_order_acquire);
  if (end == engine::TrackEnd::stop_reached && session.state_ == State::running)
    set_state(session, State::stopped, clock_.wall_ns());
  if (end != engine::TrackEnd::failed || session.state_ == State::failed) return;
  const auto& failure = session.seat_.track.failure;
  const auto model = session.model();
  const bool gave_up = failure.cause == engine::TrackFailure::Cause::plugin;
  if (!gave_up) return fail_with(session, reason_of(failure, model->plugin));
  give_up(*model, "a step of session " + session.id_ + " returned SIM_FATAL at tick " + std::to_string(failure.tick));
  if (session.state_ != State::failed) fail_with(session, reason_of(failure, model->plugin));
}

void Registry::fail_with(Session& session, Reason reason) {
  {
    const std::lock_guard lock(session.mutex_);
    session.reason_ = reason;
  }
  log_error("session", "a session failed",
            {{"session", session.id_},
             {"plugin", reason.plugin},
             {"lane", reason.lane},
             {"tick", reason.tick},
             {"code", reason.code}});
  set_state(session, State::failed, clock_.wall_ns());
}

// A plugin that says it cannot go on is believed: none of its sessions steps again, and none is made, until it is
// reloaded.
void Registry::give_up(const Model& model, std::string why) {
  if (models_.condemned(model.plugin, model.generation)) return;
  models_.condemn(model.plugin, model.generation, why);
  log_error("session", "a plugin gave up", {{"plugin", model.plugin}, {"why", why}});
  for (const auto& session : list()) {
    const auto own = session->model();
    if (own->recorded || own->plugin != model.plugin || own->generation != model.generation) continue;
    engine::MoveOp stand;
    stand.track = &session->seat_.track;
    engine_.serve(session->seat_, stand);
    const auto& track = session->seat_.track;
    const bool itself = track.end.load(std::memory_order_acquire) == engine::TrackEnd::failed;
    if (session->state_ == State::failed) continue;
    fail_with(*session, {"plugin_fatal", model.plugin, "the plugin reported that it cannot go on: " + why,
                         itself ? track.failure.lane : 0, itself ? track.failure.tick : session->tick()});
  }
  publish({"plugin.failed", 0, "",
           Value::object({{"plugin", model.plugin}, {"code", "plugin_fatal"}, {"detail", std::move(why)}})});
}

void Registry::sweep() {
  if (const auto now = clock_.monotonic_ns(); chronicle_.is_kept() && now >= round_at_ns_.load()) {
    round_at_ns_.store(now + limits::store_round_ns);
    in_order([this] { keep_round(); });
  }
  std::vector<SessionPointer> changed;
  for (const auto& session : list()) {
    if (session->seat_.track.has_discarded.load(std::memory_order_relaxed) && !session->discard_said_.exchange(true)) {
      log_warning("session", "the model discarded a step; values stay, the tick counts",
                  {{"session", session->id_}, {"tick", session->tick()}});
      publish({"session.discarded", 0, session->id_, Value::object({{"tick", session->tick()}})});
    }
    sweep_runs(session);
    if (session->seat_.track.end.load(std::memory_order_acquire) == engine::TrackEnd::none) continue;
    if (!session->settling_.exchange(true)) changed.push_back(session);
  }
  for (auto& session : changed)
    in_order([this, session] {
      settle(*session);
      session->settling_.store(session->state_ == State::stopped || session->state_ == State::failed);
    });
}

bool Registry::admit(Session& session) const {
  if (session.inbox_.fetch_add(1) < options_.inbox_max) return true;
  session.inbox_.fetch_sub(1);
  return false;
}

engine::PendingWrite* Registry::keep_pending(Session& session, engine::Write write, std::uint64_t tick) {
  const std::lock_guard lock(session.mutex_);
  if (!session.pinned_.load())
    std::erase_if(session.pending_, [](const auto& p) { return p->spent.load(std::memory_order_acquire); });
  if (session.pending_.size() >= options_.inbox_max) return nullptr;
  auto& pending = session.pending_.emplace_back(std::make_unique<engine::PendingWrite>());
  pending->write = std::move(write);
  pending->tick = tick;
  return pending.get();
}

}  // namespace simhost::session
