// Scenarios on sessions: how they begin, end, and come back with a checkpoint, on the control thread; and holding a
// session at a tick.
#include <host/session/registry.hpp>

#include <algorithm>
#include <utility>

#include <host/base/limits.hpp>

namespace simhost::session {

namespace {

tl::unexpected<Error> taken(const Run& run) {
  return fail("in_use", "the scenario " + run.name + " runs on some of these lanes; end it first");
}

bool is_meant(const Run& run, const Registry::EndRuns& which) {
  if (!which.which.empty() && which.which != run.id && which.which != run.scenario && which.which != run.name)
    return false;
  return which.lanes.empty() || overlap(run.program->script()->lanes, which.lanes);
}

}  // namespace

void Registry::begin_run(SessionPointer session, RunRequest request, Done<Run> done) {
  in_order([this, session = std::move(session), request = std::move(request), done = std::move(done)] {
    if (auto there = session->usable(); !there) return done(fail(there.error()));
    done(do_begin_run(*session, request));
  });
}

Result<Run> Registry::do_begin_run(Session& session, const RunRequest& request) {
  if (auto writable = check_writable(*session.model()); !writable) return fail(writable.error());
  const auto state = session.state();
  if (state == State::stopped || state == State::failed)
    return fail("wrong_state",
                "a scenario cannot start while the session is " + std::string(to_string(state)) + "; reset it first");
  forget_runs(session);
  const auto running = session.runs();
  if (running.size() >= limits::runs)
    return fail("limit_reached", "at most " + std::to_string(limits::runs) + " scenarios at once; end one first");
  for (const auto& other : running)
    if (overlap(other.program->script()->lanes, request.script->lanes)) return taken(other);
  Run run{ids_.next(), request.scenario, request.name, 0, clock_.wall_ns(), nullptr, session.lanes()};
  run.program = std::make_shared<engine::Program>(request.script, session.lanes());
  engine::BeginOp op;
  op.track = &session.seat_.track;
  op.program = run.program.get();
  {
    const std::lock_guard lock(session.mutex_);
    session.runs_.push_back(run);  // before the driver has it
  }
  engine_.serve(session.seat_, op);
  {
    const std::lock_guard lock(session.mutex_);
    if (op.verdict != engine::Verdict::applied) {
      session.runs_.pop_back();
      return fail("wrong_state", "the session has ended by itself; reset it first");
    }
    session.runs_.back().start_tick = run.start_tick = op.tick;
    session.running_.store(session.runs_.size());
  }
  say_run(session, run, "started", op.tick);
  rebase(session);
  return run;
}

void Registry::say_run(Session& session, const Run& run, std::string_view action, std::uint64_t tick) {
  note(session, "scenario", tick, journal_detail(run, action));
  publish({"scenario." + std::string(action), 0, session.id_, show(run).set("tick", tick)});
}

void Registry::end_runs(SessionPointer session, EndRuns which, Done<std::size_t> done) {
  in_order([this, session = std::move(session), which = std::move(which), done = std::move(done)] {
    if (auto there = session->usable(); !there) return done(fail(there.error()));
    forget_runs(*session);
    std::size_t n = 0;
    for (const auto& run : session->runs()) {
      if (!is_meant(run, which)) continue;
      engine::EndOp op;
      op.track = &session->seat_.track;
      op.program = run.program.get();
      engine_.serve(session->seat_, op);
      ++n;
    }
    forget_runs(*session);
    if (n > 0) rebase(*session);
    done(n);
  });
}

// Always answered later: whoever asks may hold locks that its answer takes.
void Registry::hold(SessionPointer session, std::uint64_t at_tick, Done<Nothing> done) {
  if (auto there = session->usable(); !there)
    return in_order([done = std::move(done), why = there.error()] { done(fail(why)); });
  const std::lock_guard lock(session->mutex_);
  if (!session->holders_.empty()) {
    session->hold_next_ = at_tick;
    return in_order([done = std::move(done)] { done(Nothing{}); });
  }
  auto op = std::make_unique<engine::HoldOp>();
  op->track = &session->seat_.track;
  op->at_tick = at_tick;
  auto& seat = session->seat_;
  const bool posted = engine_.post(seat, std::move(op), [session, done](engine::Op&) { done(Nothing{}); });
  if (!posted) in_order([done = std::move(done)] { done(fail("not_found", "the session is deleted")); });
}

void Registry::on_birth(Holder holder, std::function<bool(const Session&)> holds) {
  const bool ends = holds == nullptr;
  {
    const std::lock_guard lock(birth_mutex_);
    std::erase_if(births_, [&](const auto& birth) { return birth.first == holder; });
    if (!ends) births_.emplace_back(holder, std::move(holds));
  }
  if (!ends) return;
  for (const auto& session : list()) let_go(session, holder);
}

// Whether anybody holds it: then the registry itself is among the holders. Each is one before it is asked, so that it
// may let go at once.
bool Registry::ask_holders(Session& session, std::uint64_t tick) {
  const std::lock_guard births(birth_mutex_);
  {
    const std::lock_guard lock(session.mutex_);
    session.birth_tick_ = tick;
    session.holders_ = {this};
  }
  for (const auto& [holder, holds] : births_) {
    {
      const std::lock_guard lock(session.mutex_);
      session.holders_.push_back(holder);
    }
    if (holds(session)) continue;
    const std::lock_guard lock(session.mutex_);
    std::erase(session.holders_, holder);
  }
  const std::lock_guard lock(session.mutex_);
  if (session.holders_.size() > 1 || session.hold_next_ != engine::no_tick) return true;
  session.holders_.clear();
  return false;
}

void Registry::hold_at_birth(const SessionPointer& session, std::uint64_t tick, const std::function<void()>& place) {
  if (!ask_holders(*session, tick)) return;
  place();
  let_go(session, this);
}

// Under the lock, so that a hold() that comes next is also next for the driver.
void Registry::let_go(const SessionPointer& session, Holder holder) {
  const std::lock_guard lock(session->mutex_);
  if (std::erase(session->holders_, holder) == 0 || !session->holders_.empty()) return;
  auto op = std::make_unique<engine::HoldOp>();
  op->track = &session->seat_.track;
  op->instead_of = session->birth_tick_;
  op->at_tick = std::exchange(session->hold_next_, engine::no_tick);
  auto& seat = session->seat_;
  engine_.post(seat, std::move(op), [session](engine::Op&) {});
}

void Registry::forget_runs(Session& session) {
  std::vector<Run> over;
  {
    const std::lock_guard lock(session.mutex_);
    const auto ended = [](const Run& run) { return run.program->ended() != engine::no_tick; };
    std::ranges::copy_if(session.runs_, std::back_inserter(over), ended);
    std::erase_if(session.runs_, ended);
    session.running_.store(session.runs_.size());
  }
  for (const auto& run : over) say_run(session, run, "ended", run.program->ended());
}

void Registry::sweep_runs(const SessionPointer& session) {
  if (session->running_.load(std::memory_order_relaxed) == 0) return;
  const auto ended = [](const Run& run) { return run.program->ended() != engine::no_tick; };
  if (!std::ranges::any_of(session->runs(), ended) || session->runs_settling_.exchange(true)) return;
  in_order([this, session] {
    session->runs_settling_.store(false);
    forget_runs(*session);
  });
}

std::vector<KeptRun> Registry::keep_runs(const Session& session, const std::vector<const engine::Program*>& programs) {
  std::vector<KeptRun> kept;
  for (const auto& run : session.runs())
    if (std::ranges::find(programs, run.program.get()) != programs.end())
      kept.push_back({run.scenario, run.name, run.start_tick, run.program->script(), run.program->saved()});
  return kept;
}

// The ones a checkpoint holds take the place of those that run; what is returned goes to the driver.
std::vector<engine::Program*> Registry::adopt_runs(Session& session, const Checkpoint& from) {
  std::vector<engine::Program*> programs;
  const std::lock_guard lock(session.mutex_);
  for (const auto& kept : from.runs) {
    Run run{ids_.next(), kept.scenario, kept.name, kept.start_tick, clock_.wall_ns(), nullptr, session.lanes()};
    run.program = std::make_shared<engine::Program>(kept.script, session.lanes(), kept.state);
    programs.push_back(run.program.get());
    session.runs_.push_back(std::move(run));
  }
  session.running_.store(session.runs_.size());
  return programs;
}

}  // namespace simhost::session
