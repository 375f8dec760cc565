// The actions of a schedule: checked when they are planned, done one after the other when their time comes.
#pragma once

#include <functional>
#include <string>

#include <host/base/field_errors.hpp>
#include <host/plan/scenarios.hpp>
#include <host/plan/schedule.hpp>

namespace simhost::plan {

// Starts or stops recordings of a session; body: that of the action. Empty while there is no recorder.
using Recording =
    std::function<void(const session::SessionPointer& session, const Value& body, session::Done<session::Nothing>)>;

struct Hands {
  session::Registry& registry;
  Scenarios& scenarios;
  Recording recording;
};

// Adds a fault for each action that is none; pointers begin with /actions. Gives the name of a hazardous command that
// nobody confirmed, or nothing.
std::string check_actions(const Value& actions, const session::Session& session, ClockKind clock,
                          const KnowsScenario& known, FieldErrors& errors);

// Does them in order and stops at the first that fails. actions were checked. [any]
void do_actions(const Hands& hands, session::SessionPointer session, Value actions,
                session::Done<session::Nothing> done);

}  // namespace simhost::plan
