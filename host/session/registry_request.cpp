// Requests that only pass through a session's inbox: writes, commands, reads and steps.
#include <host/session/registry.hpp>

#include <algorithm>
#include <utility>

#include <host/base/clock.hpp>
#include <host/base/limits.hpp>

namespace simhost::session {

namespace {

tl::unexpected<Error> gone() { return fail("not_found", "the session is deleted"); }
tl::unexpected<Error> inbox_full() {
  return fail({"inbox_full", "more requests wait for this session's next tick than fit; try again", {}, 0, 1});
}

tl::unexpected<Error> not_while(State state, std::string_view what) {
  return fail("wrong_state", std::string(what) + " is not possible while the session is " +
                                 std::string(to_string(state)) + "; reset it first");
}

Outcome outcome_of(engine::Verdict verdict, const Session& session, std::uint64_t tick) {
  switch (verdict) {
    case engine::Verdict::applied:
      return {};
    case engine::Verdict::tick_passed:
      return fail("tick_passed", "that tick lies behind; the session is at tick " + std::to_string(tick));
    case engine::Verdict::busy:
      return fail("wrong_state", "the session is on its way to the end of another step");
    case engine::Verdict::wrong_state:
      return not_while(session.state(), "that");
    default:
      return gone();
  }
}

Value shown(const std::vector<std::uint32_t>& lanes) {
  Array numbers;
  for (const auto k : lanes) numbers.emplace_back(k);
  return numbers;
}

Value shown(const Model& model, const engine::Write& write) {
  Value values{Object{}};
  for (const auto& item : write.items) {
    const auto* variable = model.descriptor.find(item.id);
    if (variable == nullptr) continue;
    if (item.values.size() == 1) {
      values.set(variable->name, show(*variable, item.values[0]));
      continue;
    }
    Array array;
    for (const double v : item.values) array.push_back(show(*variable, v));
    values.set(variable->name, std::move(array));
  }
  Value detail = Value::object({{"values", std::move(values)}});
  return write.lanes.empty() ? detail : detail.set("lanes", shown(write.lanes));
}

// As its request was, so that it can be made again.
Value shown(const plugin::Command& command, const engine::CommandOp& op, std::uint32_t lanes_in_all) {
  Value args{Object{}};
  for (std::size_t i = 0; i < command.args.size() && i < op.args.size(); ++i)
    args.set(command.args[i].name, show(command.args[i], op.args[i]));
  Value detail = Value::object({{"name", command.name}, {"args", std::move(args)}});
  return op.lanes.size() == lanes_in_all ? detail : detail.set("lanes", shown(op.lanes));
}

}  // namespace

void Registry::write(SessionPointer session, WriteRequest request, Done<Applied> done) {
  if (auto there = session->usable(); !there) return done(fail(there.error()));
  const auto state = session->state();
  if (state == State::stopped || state == State::failed) return done(not_while(state, "writing"));
  if (!admit(*session)) return done(inbox_full());
  Value detail = shown(*session->model(), request.write);
  auto op = std::make_unique<engine::WriteOp>();
  op->track = &session->seat_.track;
  op->write = keep_pending(*session, std::move(request.write), request.at_tick);
  if (op->write == nullptr) {
    session->inbox_.fetch_sub(1);
    return done(inbox_full());
  }
  auto& seat = session->seat_;
  auto pending = op->write;
  const bool posted = engine_.post(seat, std::move(op), [this, session, detail, done](engine::Op& served) mutable {
    session->inbox_.fetch_sub(1);
    const auto& write = static_cast<engine::WriteOp&>(served);
    if (auto outcome = outcome_of(write.verdict, *session, write.applied_tick); !outcome)
      return done(fail(outcome.error()));
    note(*session, "variables", write.applied_tick, std::move(detail), write.order);
    done(Applied{write.applied_tick});
  });
  if (posted) return;
  pending->spent.store(true);
  session->inbox_.fetch_sub(1);
  done(gone());
}

void Registry::command(SessionPointer session, CommandRequest request, Done<CommandResult> done) {
  if (auto there = session->usable(); !there) return done(fail(there.error()));
  const auto model = session->model();
  const auto& command = model->descriptor.commands[request.command];
  const auto state = session->state();
  if ((command.states & (1U << static_cast<unsigned>(state))) == 0)
    return done(
        fail("wrong_state", command.name + " is not possible while the session is " + std::string(to_string(state))));
  if (!admit(*session)) return done(inbox_full());
  auto op = std::make_unique<engine::CommandOp>();
  op->track = &session->seat_.track;
  op->command = request.command;
  op->lanes = std::move(request.lanes);
  op->args = std::move(request.args);
  op->results.resize(op->lanes.size() * command.results.size());
  Value detail = shown(command, *op, session->lanes());
  auto& seat = session->seat_;
  const bool posted =
      engine_.post(seat, std::move(op), [this, session, detail, name = command.name, done](engine::Op& served) mutable {
        session->inbox_.fetch_sub(1);
        auto& ran = static_cast<engine::CommandOp&>(served);
        if (auto outcome = outcome_of(ran.verdict, *session, ran.applied_tick); !outcome)
          return done(fail(outcome.error()));
        if (ran.status == SIM_DISCARD || ran.status == SIM_WRONG_STATE)
          return done(fail("wrong_state", "the model refuses " + name + " in its present condition"));
        if (ran.status == SIM_BUSY)
          return done(fail(Error{"limit_reached", "the model has no room for " + name + " now", {}, 0, 1}));
        if (ran.status == SIM_FATAL)
          in_order([this, session, name] {
            give_up(*session->model(), "the command " + name + " of session " + session->id_ + " returned SIM_FATAL");
          });
        if (ran.status > SIM_WARNING) return done(fail("plugin_error", name + " failed in the model"));
        note(*session, "command", ran.applied_tick, std::move(detail), ran.order);
        done(CommandResult{ran.applied_tick, std::move(ran.results)});
      });
  if (posted) return;
  session->inbox_.fetch_sub(1);
  done(gone());
}

void Registry::read(SessionPointer session, ReadRequest request, Done<ReadResult> done) {
  if (auto there = session->usable(); !there) return done(fail(there.error()));
  if (!admit(*session)) return done(inbox_full());
  auto op = std::make_unique<engine::ReadOp>();
  op->track = &session->seat_.track;
  op->ids = std::move(request.ids);
  op->lanes = std::move(request.lanes);
  op->values.resize(op->ids.size() * (op->lanes.empty() ? session->lanes() : op->lanes.size()));
  auto& seat = session->seat_;
  const bool posted = engine_.post(seat, std::move(op), [session, done](engine::Op& served) {
    session->inbox_.fetch_sub(1);
    auto& ran = static_cast<engine::ReadOp&>(served);
    if (auto outcome = outcome_of(ran.verdict, *session, ran.tick); !outcome) return done(fail(outcome.error()));
    const double step_s = seconds_of(session->step_ns());
    done(ReadResult{ran.tick, static_cast<double>(ran.tick) * step_s, std::move(ran.values)});
  });
  if (posted) return;
  session->inbox_.fetch_sub(1);
  done(gone());
}

void Registry::advance(SessionPointer session, std::uint64_t ticks, Done<Nothing> done) {
  in_order([this, session = std::move(session), ticks, done = std::move(done)]() mutable {
    advance_now(session, ticks, std::move(done));
  });
}

void Registry::advance_now(const SessionPointer& session, std::uint64_t ticks, Done<Nothing> done) {
  if (auto there = session->usable(); !there) return done(fail(there.error()));
  const auto state = session->state();
  const bool manual = session->spec_.pace.mode == engine::Pace::Mode::manual;
  if (state != State::paused && !(manual && (state == State::ready || state == State::running)))
    return done(fail("wrong_state",
                     "step needs a paused session, or one of manual pace that is ready or running; this one is " +
                         std::string(to_string(state))));
  if (session->seated_ != engine::Pace::Mode::manual) {
    if (auto moved = engine_.move(session->seat_, {engine::Pace::Mode::manual, 1}, session->spec_.overrun); !moved)
      return done(fail(moved.error()));
    session->seated_ = engine::Pace::Mode::manual;
  }
  if (state == State::ready) set_state(*session, State::running, clock_.wall_ns());
  auto op = std::make_unique<engine::AdvanceOp>();
  op->track = &session->seat_.track;
  op->ticks = ticks;
  engine_.post(session->seat_, std::move(op), [this, session, done](engine::Op& served) {
    const auto verdict = static_cast<engine::AdvanceOp&>(served).verdict;
    if (auto outcome = outcome_of(verdict, *session, 0); !outcome) return done(fail(outcome.error()));
    keep(*session);  // its tick
    done(Nothing{});
  });
}

}  // namespace simhost::session
