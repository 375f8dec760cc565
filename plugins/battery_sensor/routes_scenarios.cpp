/// Scenarios by battery: who is meant, what holds then.
#include "routes_scenarios.hpp"

#include <algorithm>

#include "order.hpp"
#include "routes_simulation.hpp"
#include "signals.hpp"

namespace battery_sensor {
namespace {

/// The list of ids in a body, if any: the body itself, or what is under its key.
sim::Value ids_in(const sim::Value& body) { return body.is_array() ? body : body["battery_ids"]; }

std::string target_text(const sim::Value& ids) {
  return ids.size() == 0 ? "all batteries" : std::to_string(ids.size()) + " batteries";
}

struct Target {
  std::vector<std::uint32_t> lanes;    ///< rising, each once
  std::vector<std::uint64_t> unknown;  ///< places in the list
};
Target target_of(const Roster& roster, const sim::Value& ids) {
  Target target;
  for (std::uint64_t i = 0; i < ids.size(); ++i) {
    const auto lane = roster.find(ids.item(i).text());
    lane ? target.lanes.push_back(*lane) : target.unknown.push_back(i);
  }
  std::ranges::sort(target.lanes);
  const auto rest = std::ranges::unique(target.lanes);
  target.lanes.erase(rest.begin(), rest.end());
  return target;
}

/// Names each id that the simulation does not have; false where it has them all.
bool refuse_unknown(const Target& target, const sim::Value& body, sim::Reply& reply) {
  if (target.unknown.empty()) return false;
  const sim::Value ids = ids_in(body);
  std::vector<std::string> pointers, details;
  for (const std::uint64_t place : target.unknown) {
    if (pointers.size() == listed_faults_max) break;
    pointers.push_back((body.is_array() ? "/" : "/battery_ids/") + std::to_string(place));
    details.push_back("there is no battery '" + std::string(ids.item(place).text()) + "'");
  }
  std::vector<sim_field_error> faults;
  for (std::size_t i = 0; i < pointers.size(); ++i)
    faults.push_back(sim::field_error(pointers[i], "value_error", details[i]));
  reply.problem(422, "validation_failed", "some batteries are not of this simulation", faults);
  return true;
}

void answer(sim::Reply& reply, const char* status, const std::string& message) {
  reply.json([&](sim::Json& json) { json.object().member("status", status).member("message", message).end(); });
}

void apply(const Simulations& simulations, const Simulation& simulation, const Target& target, const sim::Value& body,
           sim::Reply& reply) {
  const sim::Value ids = body["battery_ids"], ambient = body["ambient_temp"];
  Change change{scenario_of(body["scenario"]), {}};
  if (ambient.is_number()) change.ambient_c = ambient.number();
  if (ids.size() == 0 || !target.lanes.empty()) {
    const auto done = simulations.apply(simulation, target.lanes, change);
    if (!done) return refuse(reply, done.status, done.error);
  }
  answer(reply, "applied",
         "Scenario '" + std::string(scenario_names[change.scenario]) + "' applied to " + target_text(ids));
}

void clear(const Simulations& simulations, Simulation& simulation, const Target& target, const sim::Value& body,
           sim::Reply& reply) {
  const sim::Value ids = ids_in(body);
  if (simulation.is_running() && (ids.size() == 0 || !target.lanes.empty())) {
    const auto done = ids.size() == 0 ? simulations.clear_all(simulation) : simulations.clear(simulation, target.lanes);
    if (!done) return refuse(reply, done.status, done.error);
  }
  answer(reply, "cleared", "Scenarios cleared for " + target_text(ids));
}

void refuse_idle(sim::Reply& reply) { reply.problem(400, "not_running", "No active simulation"); }

}  // namespace

void post_apply(sim::Request& request, sim::Reply& reply) {
  const Simulations simulations(request.host());
  const auto simulation = simulations.find(default_simulation);
  if (!simulation || !simulation->is_running()) return refuse_idle(reply);
  const sim::Value body = request.body();
  apply(simulations, *simulation, target_of(*simulation->roster, body["battery_ids"]), body, reply);
}

void post_clear(sim::Request& request, sim::Reply& reply) {
  const Simulations simulations(request.host());
  const sim::Value body = request.body();
  auto simulation = simulations.find(default_simulation);
  if (!simulation) return answer(reply, "cleared", "Scenarios cleared for " + target_text(ids_in(body)));
  clear(simulations, *simulation, target_of(*simulation->roster, ids_in(body)), body, reply);
}

void post_named_apply(sim::Request& request, sim::Reply& reply) {
  const Simulations simulations(request.host());
  const auto simulation = named_simulation(simulations, request, reply);
  if (!simulation) return;
  const sim::Value body = request.body();
  const Target target = target_of(*simulation->roster, body["battery_ids"]);
  if (refuse_unknown(target, body, reply)) return;
  if (!simulation->is_running()) return refuse_idle(reply);
  apply(simulations, *simulation, target, body, reply);
}

void post_named_clear(sim::Request& request, sim::Reply& reply) {
  const Simulations simulations(request.host());
  auto simulation = named_simulation(simulations, request, reply);
  if (!simulation) return;
  const sim::Value body = request.body();
  const Target target = target_of(*simulation->roster, ids_in(body));
  if (!refuse_unknown(target, body, reply)) clear(simulations, *simulation, target, body, reply);
}

}  // namespace battery_sensor
