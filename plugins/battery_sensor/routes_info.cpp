/// The pages of the original that never change.
#include "routes_info.hpp"

#include <span>

namespace battery_sensor {
namespace {

constexpr const char* service_version = "1.0.0";

struct Condition {
  const char *what, *range;
};
struct Scenario {
  const char *id, *name, *description;
  std::span<const Condition> conditions;
};
constexpr Condition normal[] = {{"voltage", "13.65V"}, {"temperature", "25-27°C"}, {"mode", "float"}};
constexpr Condition hot[] = {{"voltage", "13.65V"}, {"temperature", "45-48°C"}, {"mode", "float"}};
constexpr Condition outage[] = {
    {"voltage", "11.5-12.0V"}, {"temperature", "30-35°C"}, {"mode", "discharge"}, {"current", "-10 to -30A"}};
constexpr Condition hvac[] = {{"voltage", "13.65V"}, {"temperature", "40-50°C"}, {"mode", "float"}};
constexpr Condition degradation[] = {{"voltage", "13.5-13.7V (lower under load)"},
                                     {"temperature", "28-35°C (runs hotter)"},
                                     {"resistance", "Increasing"},
                                     {"soh", "Declining rapidly"}};
constexpr Condition runaway[] = {{"voltage", "Variable"}, {"temperature", "65-75°C (critical)"}, {"mode", "discharge"}};
constexpr Scenario scenarios[] = {
    {"normal_operation", "Normal Operation", "Float charging at an ambient of 25°C", normal},
    {"high_temperature", "High Temperature", "Ambient of 45°C, as in the hot season", hot},
    {"power_outage", "Power Outage", "The mains fail and the batteries carry the load", outage},
    {"hvac_failure", "HVAC Failure", "The air conditioning fails and the room warms up", hvac},
    {"battery_degradation", "Battery Degradation", "Wear as of a failing battery, with a higher resistance",
     degradation},
    {"thermal_runaway", "Thermal Runaway", "An aged, badly cooled battery that heats itself", runaway}};

struct Endpoint {
  const char *name, *at;
};
constexpr Endpoint endpoints[] = {{"health", "/health"},
                                  {"start_simulation", "POST /api/v1/simulation/start"},
                                  {"stop_simulation", "POST /api/v1/simulation/stop"},
                                  {"get_status", "GET /api/v1/simulation/status"},
                                  {"scenarios", "GET /api/v1/scenarios"},
                                  {"apply_scenario", "POST /api/v1/scenarios/apply"},
                                  {"clear_scenario", "POST /api/v1/scenarios/clear"},
                                  {"websocket", "WS /api/v1/ws/telemetry"}};

}  // namespace

void get_root(sim::Request&, sim::Reply& reply) {
  reply.json([](sim::Json& json) {
    json.object().member("service", "Sensor Simulator Service").member("version", service_version);
    json.key("endpoints").object();
    for (const Endpoint& endpoint : endpoints) json.member(endpoint.name, endpoint.at);
    json.end().end();
  });
}

void get_health(sim::Request&, sim::Reply& reply) {
  reply.json([](sim::Json& json) {
    json.object().member("status", "healthy").member("service", "sensor-simulator");
    json.member("version", service_version).end();
  });
}

void get_scenarios(sim::Request&, sim::Reply& reply) {
  reply.json([](sim::Json& json) {
    json.array();
    for (const Scenario& scenario : scenarios) {
      json.object().member("scenario", scenario.id).member("name", scenario.name);
      json.member("description", scenario.description).key("typical_conditions").object();
      for (const Condition& condition : scenario.conditions) json.member(condition.what, condition.range);
      json.end().end();
    }
    json.end();
  });
}

}  // namespace battery_sensor
