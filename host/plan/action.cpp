// Each kind of action is the request that a client would send.
#include <host/plan/action.hpp>

#include <array>
#include <memory>
#include <string_view>
#include <utility>

#include <host/base/pointer.hpp>
#include <host/base/shape.hpp>

namespace simhost::plan {

namespace {

using session::Nothing;
using session::SessionPointer;

constexpr std::array<std::string_view, 8> kinds{"set",   "command", "scenario", "recording",
                                                "pause", "resume",  "stop",     "reset"};
enum class Kind : std::uint8_t { set, command, scenario, recording, pause, resume, stop, reset };

std::optional<Kind> kind_of(const Value& action) {
  for (std::size_t i = 0; i < kinds.size(); ++i)
    if (action.find(kinds[i]) != nullptr) return static_cast<Kind>(i);
  return {};
}

Value write_body(const Value& action) {
  Value body = Value::object({{"values", *action.find("set")}});
  if (const Value* lanes = action.find("lanes")) body.set("lanes", *lanes);
  return body;
}

Value scenario_body(const Value& action) {
  Value body = Value::object({{"scenario", *action.find("scenario")}});
  if (const Value* lanes = action.find("lanes")) body.set("lanes", *lanes);
  return body;
}

// What the command's own route takes: everything but the name.
Value command_body(const Value& command) {
  Value body{Object{}};
  for (const auto& member : command.members())
    if (member.key != "name") body.set(member.key, member.value);
  return body;
}

// The faults of a request that an action stands for, at the action's place.
void adopt(const Error& error, const std::string& pointer, std::string_view from, std::string_view to,
           FieldErrors& errors) {
  if (error.errors.empty()) add_error(errors, {pointer + std::string(to), error.code, error.detail});
  for (auto fault : error.errors) {
    const bool inside = fault.pointer.starts_with(from);
    fault.pointer = pointer + std::string(inside ? to : "") + fault.pointer.substr(inside ? from.size() : 0);
    add_error(errors, std::move(fault));
  }
}

std::string check_command(const Value& command, const std::string& pointer, const session::Session& session,
                          FieldErrors& errors) {
  ObjectReader r(command, pointer + "/command", errors);
  r.require("name");
  const auto name = r.text("name");
  if (!name) return {};
  const auto request = session::parse_command(*name, command_body(command), *session.model(), session.lanes());
  if (request) return {};
  if (request.error().code == "confirm_required") return *name;
  if (request.error().code == "not_found")
    r.refuse("name", "unknown_command", request.error().detail);
  else
    adopt(request.error(), pointer + "/command", "", "", errors);
  return {};
}

void check_scenario(ObjectReader& r, const KnowsScenario& known) {
  const auto which = r.text("scenario");
  if (which && !known(*which)) r.refuse("scenario", "unknown_reference", "there is no scenario " + *which);
}

void check_recording(ObjectReader& r, FieldErrors& errors) {
  const Value* body = r.object("recording");
  if (body == nullptr) return;
  ObjectReader inner(*body, r.pointer("recording"), errors);
  const Value* start = inner.object("start");
  const Value* stop = inner.object("stop");
  if ((start == nullptr) == (stop == nullptr)) inner.refuse("", "not_valid", "either start or stop");
  inner.finish();
}

std::string check_action(const Value& action, const std::string& pointer, const session::Session& session,
                         ClockKind clock, const KnowsScenario& known, FieldErrors& errors) {
  ObjectReader r(action, pointer, errors);
  if (!action.is_object()) return {};
  int given = 0;
  for (const auto kind : kinds) given += r.has(kind) ? 1 : 0;
  const auto kind = kind_of(action);
  if (given != 1)
    r.refuse("", "not_valid", "an action is one of set, command, scenario, recording, pause, resume, stop, reset");
  std::string unconfirmed;
  if (given == 1 && kind == Kind::set) {
    if (const auto write = session::parse_write(write_body(action), *session.model(), session.lanes()); !write)
      adopt(write.error(), pointer, "/values", "/set", errors);
  }
  if (given == 1 && kind == Kind::command)
    unconfirmed = check_command(*action.find("command"), pointer, session, errors);
  if (given == 1 && kind == Kind::scenario) check_scenario(r, known);
  if (given == 1 && kind == Kind::recording) check_recording(r, errors);
  if (kind == Kind::set || kind == Kind::scenario) static_cast<void>(r.any("lanes"));
  for (const auto* word : {"pause", "resume", "stop", "reset"})
    if (const Value* body = r.object(word)) ObjectReader(*body, r.pointer(word), errors).finish();
  if (kind == Kind::resume && clock == ClockKind::simulated)
    r.refuse("resume", "not_valid", "a session that stands has no time that could come: use the wall clock");
  r.finish();
  return unconfirmed;
}

template <class T>
session::Done<T> then(session::Done<Nothing> done) {
  return [done = std::move(done)](Result<T> result) {
    if (!result) return done(fail(std::move(result.error())));
    done(Nothing{});
  };
}

void do_command(const Hands& hands, const SessionPointer& session, const Value& command, session::Done<Nothing> done) {
  auto request = session::parse_command(command.find("name")->string(), command_body(command), *session->model(),
                                        session->lanes());
  if (!request) return done(fail(std::move(request.error())));
  hands.registry.command(session, std::move(*request), then<session::CommandResult>(std::move(done)));
}

void do_set(const Hands& hands, const SessionPointer& session, const Value& action, session::Done<Nothing> done) {
  auto request = session::parse_write(write_body(action), *session->model(), session->lanes());
  if (!request) return done(fail(std::move(request.error())));
  hands.registry.write(session, std::move(*request), then<session::Applied>(std::move(done)));
}

void do_action(const Hands& hands, const SessionPointer& session, const Value& action, session::Done<Nothing> done) {
  const auto kind = kind_of(action);
  if (!kind) return done(fail("not_valid", "a stored action is none that this version knows"));
  switch (*kind) {
    case Kind::set:
      return do_set(hands, session, action, std::move(done));
    case Kind::command:
      return do_command(hands, session, *action.find("command"), std::move(done));
    case Kind::scenario:
      return hands.scenarios.start(session, scenario_body(action), then<session::Run>(std::move(done)));
    case Kind::recording:
      if (!hands.recording) return done(fail("wrong_state", "this host does not record"));
      return hands.recording(session, *action.find("recording"), std::move(done));
    case Kind::pause:
      return hands.registry.control(session, session::Action::pause, std::move(done));
    case Kind::resume:
      return hands.registry.control(session, session::Action::resume, std::move(done));
    case Kind::stop:
      return hands.registry.control(session, session::Action::stop, std::move(done));
    case Kind::reset:
      return hands.registry.control(session, session::Action::reset, std::move(done));
  }
}

// The actions that are left, and who waits for their end.
struct Chain {
  Hands hands;
  SessionPointer session;
  Value actions;
  session::Done<Nothing> done;
  std::size_t next = 0;
};

void go_on(const std::shared_ptr<Chain>& chain) {
  if (chain->next == chain->actions.items().size()) return chain->done(Nothing{});
  const auto place = chain->next++;
  do_action(chain->hands, chain->session, chain->actions.items()[place], [chain, place](Result<Nothing> result) {
    if (result) return go_on(chain);
    Error error = std::move(result.error());
    error.detail = child_pointer("/actions", place) + ": " + error.detail;
    chain->done(fail(std::move(error)));
  });
}

}  // namespace

std::string check_actions(const Value& actions, const session::Session& session, ClockKind clock,
                          const KnowsScenario& known, FieldErrors& errors) {
  std::string unconfirmed;
  for (std::size_t i = 0; i < actions.items().size(); ++i) {
    auto name = check_action(actions.items()[i], child_pointer("/actions", i), session, clock, known, errors);
    if (!name.empty()) unconfirmed = std::move(name);
  }
  return unconfirmed;
}

void do_actions(const Hands& hands, SessionPointer session, Value actions, session::Done<Nothing> done) {
  go_on(std::make_shared<Chain>(Chain{hands, std::move(session), std::move(actions), std::move(done)}));
}

}  // namespace simhost::plan
