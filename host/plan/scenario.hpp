// A scenario: what is set, ramped and commanded when, for sessions of one model.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <host/base/error.hpp>
#include <host/base/value.hpp>
#include <host/engine/program.hpp>
#include <host/session/model.hpp>

namespace simhost::plan {

struct Scenario {
  std::string id, name, model;
  Value timeline;  // as it was given, an array
  bool repeat = false;
  double period_s = 0;  // 0: none
  std::int64_t created_wall_ns = 0, updated_wall_ns = 0;
};

// The body of POST and PUT /v1/scenarios, checked against the model's descriptor: all faults at once. Without id and
// times.
Result<Scenario> parse_scenario(const Value& body, const session::Models& models);

// The scenario for sessions of this step. It fails where the model has changed since, or the step is too coarse.
Result<engine::Script> compile(const Scenario& scenario, const session::Model& model, std::int64_t step_ns);

Value show(const Scenario& scenario);

// As a store keeps it. What comes back was valid once; compile() says whether it still is.
Value to_document(const Scenario& scenario);
Result<Scenario> scenario_of(const Value& document);

}  // namespace simhost::plan
