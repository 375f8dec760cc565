// How sessions come, are copied and go. All on the control thread.
#include <host/session/registry.hpp>

#include <algorithm>
#include <utility>

#include <host/base/limits.hpp>

namespace simhost::session {

namespace {

// The parcel's lanes as a session's, so that writes find them.
void write_into(const engine::Parcel& parcel, const engine::Write& write) {
  engine::Track track;
  track.parts.push_back({parcel.lanes.get(), 0, parcel.count, 0});
  track.apply(write);
}

}  // namespace

void Registry::create(Spec spec, Done<SessionPointer> done) {
  if (!spec.recording.empty() && spec.playback == nullptr) {
    const std::lock_guard lock(play_mutex_);
    if (play_) return play_(std::move(spec), std::move(done));
    return done(fail("unsupported", "this host plays no recordings"));
  }
  in_order([this, spec = std::move(spec), done = std::move(done)]() mutable {
    if (const auto present = models_.find(spec.model->id()); present != nullptr && !spec.model->recorded)
      spec.model = present;  // a reload may have come between
    done(make(std::move(spec), nullptr));
  });
}

Result<engine::Parcel> Registry::furnish(Session& session, Spec spec, const Checkpoint* from) {
  engine::Parcel lanes = engine::Engine::make_parcel(spec.model->step, spec.step_ns, spec.lanes, spec.seed);
  write_into(lanes, spec.initial);
  if (engine::Engine::prepare(lanes, engine::Track::Lanes::fresh) > SIM_WARNING)
    return fail("validation_failed", "the model does not accept these parameters");
  session.initial_ = engine::keep(lanes, spec.seed, 0);
  auto& seat = session.seat_;
  seat.model = spec.model->step;
  seat.dt_ns = spec.step_ns;
  seat.lanes = spec.lanes;
  seat.track.stop_tick = spec.stop_tick;
  seat.overrun = spec.overrun;
  seat.track.skips = spec.overrun == Overrun::skip;
  session.spec_ = std::move(spec);
  if (session.spec_.playback != nullptr) return furnish_playback(session);
  if (from == nullptr) return lanes;
  lanes = {};  // before those of the checkpoint take as much memory again
  auto unpacked = engine::unpack(from->lanes, seat.model);
  if (unpacked.status > SIM_WARNING) return fail("plugin_error", "the model's prepare failed on the checkpoint");
  seat.track.standing_tick = from->tick;
  if (seat.track.stop_tick <= from->tick) seat.track.stop_tick = engine::no_tick;
  session.start_wall_ns_ -= static_cast<std::int64_t>(from->tick) * session.spec_.step_ns;
  for (const auto& [tick, write] : from->pending)
    if (auto* pending = keep_pending(session, write, tick)) seat.track.insert_pending(*pending);
  for (auto* program : adopt_runs(session, *from)) seat.track.add_program(*program);
  return std::move(unpacked.parcel);
}

// The first row, with its tick.
engine::Parcel Registry::furnish_playback(Session& session) {
  const Playback& playback = *session.spec_.playback;
  auto& seat = session.seat_;
  session.initial_ = playback.first;
  seat.beat_ns = playback.beat_ns;
  seat.track.source = playback.source.get();
  seat.track.standing_tick = playback.first.tick;
  session.start_wall_ns_ -= static_cast<std::int64_t>(playback.first.tick) * session.spec_.step_ns;
  return engine::unpack(playback.first, seat.model).parcel;
}

Result<SessionPointer> Registry::make(Spec spec, const Checkpoint* from) {
  if (auto usable = models_.check_usable(*spec.model); !usable) return fail(std::move(usable.error()));
  auto session = std::make_shared<Session>();
  session->id_ = ids_.next();
  session->created_wall_ns_ = session->start_wall_ns_ = session->stood_since_wall_ns_ = clock_.wall_ns();
  const auto lanes = furnish(*session, std::move(spec), from);
  if (!lanes) return fail(lanes.error());
  const bool start = session->spec_.start;
  const bool moves = start && session->spec_.pace.mode != engine::Pace::Mode::manual;
  session->state_ = start ? State::running : from != nullptr ? State::paused : State::ready;
  if (auto entered = enter(session); !entered) return fail(entered.error());
  auto& track = session->seat_.track;
  hold_at_birth(session, track.standing_tick, [&] { track.hold_tick = track.standing_tick; });  // no driver has it yet
  session->seated_ = session->spec_.pace.mode;
  if (auto joined = engine_.join(session->seat_, *lanes, session->spec_.pace,
                                 moves ? engine::JoinOp::Motion::move : engine::JoinOp::Motion::stand);
      !joined) {
    leave(*session);
    return fail(joined.error());
  }
  Checkpoint own;
  const bool foreign = from != nullptr && from->order != 0;  // an order of the session it came from
  if (foreign) own = *from;
  own.order = 0;
  keep_base(*session, from == nullptr || foreign ? own : *from,
            from != nullptr ? Lanes::of_checkpoint : Lanes::of_creation, Epoch::same);
  publish({"session.created", 0, session->id_,
           Value::object({{"model", session->spec_.model->id()}, {"state", to_string(session->state_)}})});
  return session;
}

void Registry::remove(SessionPointer session, Done<Nothing> done, Precondition only_if) {
  in_order([this, session = std::move(session), done = std::move(done), only_if = std::move(only_if)] {
    if (auto may = only_if ? only_if(*session) : Outcome{}; !may) return done(fail(may.error()));
    if (auto removed = do_remove(session); !removed) return done(fail(removed.error()));
    done(Nothing{});
  });
}

Outcome Registry::do_remove(const SessionPointer& session) {
  if (session->ended_.exchange(true)) return fail("not_found", "the session is already deleted");
  const auto tick = session->tick();
  leave(*session);
  {
    const std::lock_guard lock(session->mutex_);  // see note
    chronicle_.remove(session->id_);
  }
  if (session->missing_)
    --missing_;
  else
    engine_.remove(session->seat_);
  session->seat_.tap = nullptr;
  publish({"session.deleted", 0, session->id_, Value::object({{"tick", tick}})});
  return {};
}

Result<std::shared_ptr<const Checkpoint>> Registry::capture(Session& session, std::string name) {
  if (auto writable = check_writable(*session.spec_.model); !writable) return fail(writable.error());
  if (!name.empty() && session.find_checkpoint(name) != nullptr)
    return fail("name_taken", "this session has a checkpoint called " + name);
  if (session.checkpoints().size() >= limits::checkpoints)
    return fail("limit_reached", "at most " + std::to_string(limits::checkpoints) + " checkpoints; delete one first");
  auto checkpoint = std::make_shared<Checkpoint>(take(session, Digest::with));
  checkpoint->id = ids_.next();
  checkpoint->name = std::move(name);
  return checkpoint;
}

Checkpoint Registry::take(Session& session, Digest digest) {
  Checkpoint checkpoint;
  auto& seat = session.seat_;
  engine::CaptureOp op;
  op.track = &seat.track;
  op.to = engine::Engine::make_parcel(seat.model, seat.dt_ns, seat.lanes, session.spec_.seed);
  op.map = map_by_id(*seat.model, *seat.model);
  op.pending.reserve(options_.inbox_max);
  op.programs.reserve(limits::runs);
  session.pinned_.store(true);  // pending writes stay where they are while they are read here
  engine_.serve(seat, op);
  for (const auto* p : op.pending) checkpoint.pending.emplace_back(p->tick, p->write);
  if (digest == Digest::with)
    checkpoint.digest =
        engine::digest(*op.to.lanes, op.to.count, session.spec_.seed, op.tick, {op.pending, op.programs});
  session.pinned_.store(false);
  checkpoint.runs = keep_runs(session, op.programs);
  checkpoint.lanes = engine::keep(op.to, session.spec_.seed, op.tick);
  checkpoint.tick = op.tick;
  checkpoint.order = op.order;
  checkpoint.bytes = std::uint64_t{op.to.count} * seat.model->n_columns() * sizeof(double);
  checkpoint.created_wall_ns = clock_.wall_ns();
  return checkpoint;
}

void Registry::checkpoint(SessionPointer session, std::string name, Done<std::shared_ptr<const Checkpoint>> done) {
  in_order([this, session = std::move(session), name = std::move(name), done = std::move(done)]() mutable {
    if (auto there = session->usable(); !there) return done(fail(there.error()));
    auto made = capture(*session, std::move(name));
    if (made) {
      const std::lock_guard lock(session->mutex_);
      session->checkpoints_.push_back(*made);
      chronicle_.put(session->id_, **made);
    }
    done(std::move(made));
  });
}

void Registry::forget(SessionPointer session, std::string checkpoint, Done<Nothing> done) {
  in_order([this, session = std::move(session), checkpoint = std::move(checkpoint), done = std::move(done)] {
    const auto found = session->find_checkpoint(checkpoint);
    if (found == nullptr) return done(fail("not_found", "this session has no checkpoint " + checkpoint));
    {
      const std::lock_guard lock(session->mutex_);
      std::erase(session->checkpoints_, found);
      chronicle_.forget(session->id_, found->id);
    }
    done(Nothing{});
  });
}

void Registry::fork(SessionPointer session, ForkRequest request, Done<SessionPointer> done) {
  in_order([this, session = std::move(session), request = std::move(request), done = std::move(done)] {
    if (auto there = session->usable(); !there) return done(fail(there.error()));
    done(do_fork(*session, request));
  });
}

Result<SessionPointer> Registry::do_fork(Session& session, const ForkRequest& request) {
  std::shared_ptr<const Checkpoint> from;
  if (auto writable = check_writable(*session.spec_.model); !writable) return fail(writable.error());
  if (request.checkpoint.empty()) {
    auto now = take(session, Digest::without);  // nobody sees it
    now.order = 0;
    from = std::make_shared<Checkpoint>(std::move(now));
  } else {
    from = session.find_checkpoint(request.checkpoint);
    if (from == nullptr) {
      const auto detail = "this session has no checkpoint " + request.checkpoint;
      return fail(Error{"unknown_reference", detail, {{"/checkpoint", "unknown_reference", detail}}});
    }
  }
  Spec spec = session.spec_;
  spec.name = request.name;
  spec.owner.clear();  // the plugin's routes know nothing of the copy
  spec.start = request.start;
  if (request.pace) spec.pace = *request.pace;
  if (spec.stop_tick <= from->tick) {
    spec.stop_tick = engine::no_tick;
    spec.stop_at_s.reset();
  }
  if (request.inputs.items.empty()) return make(std::move(spec), from.get());
  Checkpoint changed = *from;
  const auto lanes = engine::unpack(from->lanes, session.seat_.model).parcel;
  write_into(lanes, request.inputs);
  changed.lanes = engine::keep(lanes, spec.seed, from->tick);
  return make(std::move(spec), &changed);
}

}  // namespace simhost::session
