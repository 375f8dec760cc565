// Changes of state and settings, restore and reload. All on the control thread.
#include <host/session/registry.hpp>

#include <algorithm>
#include <cmath>
#include <utility>

namespace simhost::session {

void Registry::control(SessionPointer session, Action action, Done<Nothing> done) {
  in_order([this, session = std::move(session), action, done = std::move(done)] {
    if (auto there = session->usable(); !there) return done(fail(there.error()));
    if (auto outcome = do_control(*session, action); !outcome) return done(fail(outcome.error()));
    done(Nothing{});
  });
}

Outcome Registry::do_control(Session& session, Action action) {
  const auto to = transition(session.state(), action);
  if (!to) return fail(to.error());
  if (action == Action::reset) {
    if (auto usable = models_.check_usable(*session.spec_.model); !usable) return usable;
    do_reset(session);
    return {};
  }
  const auto wanted = session.spec_.pace;
  if (action == Action::resume && session.seated_ != wanted.mode) {
    if (auto moved = engine_.move(session.seat_, wanted, session.spec_.overrun); !moved) return moved;
    session.seated_ = wanted.mode;
  }
  const bool moves = action == Action::resume && wanted.mode != engine::Pace::Mode::manual;
  engine::MoveOp op;
  op.track = &session.seat_.track;
  op.motion = moves ? engine::MoveOp::Motion::move : engine::MoveOp::Motion::stand;
  if (action == Action::resume) set_state(session, *to, clock_.wall_ns());
  engine_.serve(session.seat_, op);
  if (action != Action::resume) set_state(session, *to, clock_.wall_ns());
  return {};
}

std::uint64_t Registry::overwrite(Session& session, const Checkpoint& from, Motion motion, std::uint64_t row) {
  auto& seat = session.seat_;
  engine::OverwriteOp op;
  op.track = &seat.track;
  op.from = engine::unpack(from.lanes, seat.model).parcel;
  op.map = map_by_id(*seat.model, *seat.model);
  op.tick = from.tick;
  op.row = row;
  op.stop_tick = session.spec_.stop_tick > from.tick ? session.spec_.stop_tick : engine::no_tick;
  op.motion = motion == Motion::keep ? engine::OverwriteOp::Motion::keep : engine::OverwriteOp::Motion::stand;
  for (const auto& [tick, write] : from.pending)
    if (auto* pending = keep_pending(session, write, tick)) op.pending.push_back(pending);
  op.programs = adopt_runs(session, from);
  engine_.serve(seat, op);
  forget_runs(session);
  session.settling_.store(false);
  const std::lock_guard lock(session.mutex_);
  session.reason_.reset();
  session.start_wall_ns_ = clock_.wall_ns() - static_cast<std::int64_t>(from.tick) * session.spec_.step_ns;
  session.stood_since_wall_ns_ = clock_.wall_ns();
  return op.order;
}

void Registry::do_reset(Session& session) {
  Checkpoint start;
  start.lanes = session.initial_;
  start.tick = session.initial_.tick;  // 0, but for a recording that began later
  start.order = overwrite(session, start, Motion::stand);
  note(session, "reset", start.tick, Value(Object{}), start.order);
  keep_base(session, start, Lanes::of_creation, Epoch::next);
  set_state(session, State::ready, clock_.wall_ns());
}

void Registry::seek(SessionPointer session, Row row, Done<Nothing> done) {
  in_order([this, session = std::move(session), row = std::move(row), done = std::move(done)] {
    if (session->ended()) return done(fail("not_found", "the session is deleted"));
    const auto state = session->state();
    if (session->playback() == nullptr || state == State::failed)
      return done(fail("wrong_state", "seek needs a session that plays a recording and has not failed"));
    Checkpoint there;
    there.lanes = row.lanes;
    there.tick = row.lanes.tick;
    overwrite(*session, there, state == State::running ? Motion::keep : Motion::stand, row.number);
    note(*session, "seek", there.tick, Value(Object{}));
    if (state == State::stopped) set_state(*session, State::paused, clock_.wall_ns());
    done(Nothing{});
  });
}

void Registry::restore(SessionPointer session, std::string checkpoint, Done<Nothing> done) {
  in_order([this, session = std::move(session), checkpoint = std::move(checkpoint), done = std::move(done)] {
    if (auto there = session->usable(); !there) return done(fail(there.error()));
    if (auto writable = check_writable(*session->model()); !writable) return done(fail(writable.error()));
    const auto found = session->find_checkpoint(checkpoint);
    if (found == nullptr) {
      const auto detail = "this session has no checkpoint " + checkpoint;
      return done(fail(Error{"unknown_reference", detail, {{"/checkpoint", "unknown_reference", detail}}}));
    }
    if (auto usable = models_.check_usable(*session->spec_.model); !usable) return done(fail(usable.error()));
    const bool running = session->state() == State::running;
    Checkpoint base = *found;
    base.order = overwrite(*session, *found, running ? Motion::keep : Motion::stand);
    note(*session, "restore", found->tick, Value::object({{"checkpoint", found->id}}), base.order);
    keep_base(*session, base, Lanes::of_checkpoint, Epoch::next);
    publish({"session.restored", 0, session->id_, Value::object({{"checkpoint", found->id}, {"tick", found->tick}})});
    if (!running) set_state(*session, State::paused, clock_.wall_ns());
    done(Nothing{});
  });
}

namespace {
void apply_patch(Spec& spec, const Patch& patch, std::uint64_t stop_tick) {
  if (patch.pace) spec.pace = *patch.pace;
  if (patch.overrun) spec.overrun = *patch.overrun;
  if (patch.stop_at_s) spec.stop_at_s = *patch.stop_at_s;
  spec.stop_tick = stop_tick;
  for (const auto& [key, text] : patch.tags) {
    std::erase_if(spec.tags, [&](const auto& tag) { return tag.first == key; });
    if (text) spec.tags.emplace_back(key, *text);
  }
}
}  // namespace

void Registry::patch(SessionPointer session, Patch patch, Done<Nothing> done, Precondition only_if) {
  in_order([this, session = std::move(session), patch = std::move(patch), done = std::move(done),
            only_if = std::move(only_if)] {
    if (auto there = session->usable(); !there) return done(fail(there.error()));
    if (auto may = only_if ? only_if(*session) : Outcome{}; !may) return done(fail(may.error()));
    if (auto outcome = do_patch(session, patch); !outcome) return done(fail(outcome.error()));
    done(Nothing{});
  });
}

// What can fail comes first, so that a refused patch changes nothing.
Outcome Registry::do_patch(const SessionPointer& session, const Patch& patch) {
  auto& seat = session->seat_;
  engine::PolicyOp op;
  op.track = &seat.track;
  op.stop_tick = session->spec_.stop_tick;
  if (patch.stop_at_s)
    op.stop_tick =
        *patch.stop_at_s
            ? static_cast<std::uint64_t>(std::llround(**patch.stop_at_s * 1e9 / static_cast<double>(seat.dt_ns)))
            : engine::no_tick;
  if (session->playback() != nullptr && patch.overrun && *patch.overrun != Overrun::slow)
    return fail("read_only", "the clock of a playback always gives way: its overrun policy is slow");
  const auto overrun = patch.overrun.value_or(session->spec_.overrun);
  op.skips = overrun == Overrun::skip;
  if (op.stop_tick < session->tick()) return fail("tick_passed", "stop_at_s lies behind the session's time");
  if (patch.name)
    if (auto renamed = rename(session, *patch.name); !renamed) return renamed;
  const bool running = session->state() == State::running;
  const auto pace = patch.pace.value_or(session->spec_.pace);
  const bool seats_now =  // a paused session that is stepped stays where it is until it is resumed
      running || session->seated_ != engine::Pace::Mode::manual || pace.mode == engine::Pace::Mode::manual;
  const auto put = [&](engine::MoveOp::Motion motion) {
    engine::MoveOp move;
    move.track = &seat.track;
    move.motion = motion;
    engine_.serve(seat, move);
  };
  const bool moves = running && pace.mode != engine::Pace::Mode::manual;
  // Manual pace has no clock: a session that came to it moving would run away until it is made to stand.
  if (seats_now && patch.pace && !moves) put(engine::MoveOp::Motion::stand);
  if (seats_now && (patch.pace || patch.overrun)) {
    if (auto moved = engine_.move(seat, pace, overrun); !moved) return moved;
    session->seated_ = pace.mode;
  }
  if (seats_now && patch.pace && moves) put(engine::MoveOp::Motion::move);
  if (patch.pace) note(*session, "pace", session->tick(), show(*patch.pace));
  engine_.serve(seat, op);
  if (op.verdict == engine::Verdict::tick_passed)
    return fail("tick_passed", "stop_at_s lies behind the session's time");
  {
    const std::lock_guard lock(session->mutex_);
    apply_patch(session->spec_, patch, op.stop_tick);
  }
  keep(*session);
  return {};
}

void Registry::set_tap(SessionPointer session, std::shared_ptr<engine::Tap> tap, Done<Nothing> done) {
  in_order([this, session = std::move(session), tap = std::move(tap), done = std::move(done)] {
    if (auto there = session->usable(); !there) return done(fail(there.error()));
    engine_.set_tap(session->seat_, tap);
    {
      const std::lock_guard lock(session->mutex_);
      session->tap_ = tap;
    }
    done(Nothing{});
  });
}

void Registry::rehearse(ModelPointer from, ModelPointer to, Done<Nothing> done) {
  in_order([this, from = std::move(from), to = std::move(to), done = std::move(done)] {
    if (auto tried = engine_.rehearse(from->step, to->step); !tried) return done(fail(tried.error()));
    done(Nothing{});
  });
}

// After it nothing of the host refers to the old generation but requests that are still under way.
void Registry::exchange(ModelPointer from, ModelPointer to, Done<Exchanged> done) {
  in_order([this, from = std::move(from), to = std::move(to), done = std::move(done)] {
    auto exchanged = engine_.exchange(from->step, to->step);
    if (!exchanged) return done(fail(exchanged.error()));
    models_.put(to);
    for (const auto& session : list()) {
      if (session->spec_.model != from) continue;
      {
        const std::lock_guard lock(session->mutex_);
        session->spec_.model = to;
      }
      note(*session, "reload", session->tick(), Value::object({{"from", from->generation}, {"to", to->generation}}));
      publish({"session.reload", 0, session->id_,
               Value::object({{"from", from->generation}, {"to", to->generation}, {"tick", session->tick()}})});
      const std::lock_guard lock(session->mutex_);
      session->base_.at_ns = 0;  // due: replaying across a reload would step the past with the new code
    }
    done(std::move(exchanged));
  });
}

}  // namespace simhost::session
