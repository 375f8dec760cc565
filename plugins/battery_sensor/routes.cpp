/// Every path of the original and those beyond it, with what each takes and gives.
#include "routes.hpp"

#include <sim/cpp/routes.hpp>

#include "routes_errors.hpp"
#include "routes_info.hpp"
#include "routes_scenarios.hpp"
#include "routes_schemas.hpp"
#include "routes_simulation.hpp"

namespace battery_sensor {
namespace {

constexpr std::uint32_t lenient = SIM_ROUTE_UNKNOWN_KEYS, beside = lenient | SIM_ROUTE_CONCURRENT,
                        optional = lenient | SIM_ROUTE_BODY_OPTIONAL;
constexpr std::uint32_t large_body = 16 << 20, long_ms = 60'000;  // 100,000 batteries in one start

constexpr sim_answer error(int status, const char* description) { return sim::answer(status, nullptr, description); }
constexpr sim_answer running = error(400, "A simulation runs already");
constexpr sim_answer idle = error(400, "No simulation runs");
constexpr sim_answer unknown = error(404, "There is no such simulation");
constexpr sim_answer refused = error(409, "The name is taken, or the session has ended");
constexpr sim_answer many = error(429, "As many simulations as may be are there");
constexpr sim_answer fault = error(500, "The host could not do it; detail says why");
constexpr sim_answer busy = error(503, "The simulation is busy");

constexpr sim_answer root_answers[] = {sim::answer(200, schema::root, "Where everything is")};
constexpr sim_answer health_answers[] = {sim::answer(200, schema::health, "The service answers")};
constexpr sim_answer scenarios_answers[] = {sim::answer(200, schema::scenarios, "What each stands for")};
constexpr sim_answer start_answers[] = {
    sim::answer(200, schema::started, "It runs"), running, refused, many, fault, busy};
constexpr sim_answer stop_answers[] = {sim::answer(200, schema::stopped, "It is gone; also where none ran")};
constexpr sim_answer status_answers[] = {sim::answer(200, schema::status, "One consistent tick of it"), refused, fault,
                                         busy};
constexpr sim_answer apply_answers[] = {sim::answer(200, schema::applied, "Holds from the next tick on"), idle, refused,
                                        fault, busy};
constexpr sim_answer clear_answers[] = {sim::answer(200, schema::cleared, "Holds from the next tick on"), refused,
                                        fault, busy};
constexpr sim_answer fleet_answers[] = {
    sim::answer(200, schema::fleet, "It runs"), running, refused, many, fault, busy};
constexpr sim_answer create_answers[] = {sim::answer(201, schema::created, "It runs"), refused, many, fault, busy};
constexpr sim_answer simulations_answers[] = {sim::answer(200, schema::simulations, "The default one too")};
constexpr sim_answer delete_answers[] = {sim::answer(204, nullptr, "It is gone, its sockets are closed"), unknown};
constexpr sim_answer named_stop_answers[] = {sim::answer(200, schema::stopped, "It stands for good"), unknown};
constexpr sim_answer named_status_answers[] = {sim::answer(200, schema::status, "One consistent tick of it"), unknown,
                                               refused, fault, busy};
constexpr sim_answer named_apply_answers[] = {
    sim::answer(200, schema::applied, "Holds from the next tick on"), idle, unknown, refused, fault, busy};
constexpr sim_answer named_clear_answers[] = {sim::answer(200, schema::cleared, "Holds from the next tick on"), unknown,
                                              refused, fault, busy};

constexpr sim_route list[] = {
    sim::route<&get_root>({.method = "GET",
                           .path = "/",
                           .id = "root",
                           .summary = "What is here",
                           .answers = root_answers,
                           .flags = beside}),
    sim::route<&get_health>({.method = "GET",
                             .path = "/health",
                             .id = "health",
                             .summary = "Health",
                             .answers = health_answers,
                             .flags = beside}),
    sim::route<&get_scenarios>({.method = "GET",
                                .path = "/api/v1/scenarios",
                                .id = "list_scenarios",
                                .summary = "The six scenarios",
                                .answers = scenarios_answers,
                                .flags = beside}),
    sim::route<&post_start>({.method = "POST",
                             .path = "/api/v1/simulation/start",
                             .id = "start_simulation",
                             .summary = "Start the default simulation",
                             .body = schema::start_body,
                             .answers = start_answers,
                             .flags = lenient,
                             .max_body = large_body,
                             .deadline_ms = long_ms}),
    sim::route<&post_stop>({.method = "POST",
                            .path = "/api/v1/simulation/stop",
                            .id = "stop_simulation",
                            .summary = "Stop the default simulation",
                            .answers = stop_answers,
                            .flags = lenient}),
    sim::route<&get_status>({.method = "GET",
                             .path = "/api/v1/simulation/status",
                             .id = "simulation_status",
                             .summary = "State of the default simulation",
                             .answers = status_answers,
                             .flags = lenient}),
    sim::route<&post_apply>({.method = "POST",
                             .path = "/api/v1/scenarios/apply",
                             .id = "apply_scenario",
                             .summary = "Apply a scenario to batteries",
                             .body = schema::apply_body,
                             .answers = apply_answers,
                             .flags = lenient,
                             .max_body = large_body}),
    sim::route<&post_clear>({.method = "POST",
                             .path = "/api/v1/scenarios/clear",
                             .id = "clear_scenarios",
                             .summary = "Take scenarios from batteries",
                             .body = schema::clear_body,
                             .answers = clear_answers,
                             .flags = optional,
                             .max_body = large_body}),
    sim::route<&post_fleet>({.method = "POST",
                             .path = "/api/v1/fleet",
                             .id = "start_fleet",
                             .summary = "Start a fleet as the default simulation",
                             .body = schema::fleet_body,
                             .answers = fleet_answers,
                             .flags = optional,
                             .deadline_ms = long_ms}),
    sim::route<&post_simulation>({.method = "POST",
                                  .path = "/api/v1/simulations",
                                  .id = "create_simulation",
                                  .summary = "Start a further simulation",
                                  .body = schema::create_body,
                                  .answers = create_answers,
                                  .flags = lenient,
                                  .max_body = large_body,
                                  .deadline_ms = long_ms}),
    sim::route<&get_simulations>({.method = "GET",
                                  .path = "/api/v1/simulations",
                                  .id = "list_simulations",
                                  .summary = "All simulations, by creation",
                                  .answers = simulations_answers,
                                  .flags = lenient}),
    sim::route<&delete_simulation>({.method = "DELETE",
                                    .path = "/api/v1/simulations/{simulation_id}",
                                    .id = "delete_simulation",
                                    .summary = "End a simulation",
                                    .params = schema::simulation_params,
                                    .answers = delete_answers,
                                    .flags = lenient}),
    sim::route<&post_named_stop>({.method = "POST",
                                  .path = "/api/v1/simulations/{simulation_id}/stop",
                                  .id = "stop_named_simulation",
                                  .summary = "Stop a simulation",
                                  .params = schema::simulation_params,
                                  .answers = named_stop_answers,
                                  .flags = lenient}),
    sim::route<&get_named_status>({.method = "GET",
                                   .path = "/api/v1/simulations/{simulation_id}/status",
                                   .id = "named_simulation_status",
                                   .summary = "State of a simulation",
                                   .params = schema::simulation_params,
                                   .answers = named_status_answers,
                                   .flags = lenient}),
    sim::route<&post_named_apply>({.method = "POST",
                                   .path = "/api/v1/simulations/{simulation_id}/scenarios/apply",
                                   .id = "apply_named_scenario",
                                   .summary = "Apply a scenario to batteries of a simulation",
                                   .params = schema::simulation_params,
                                   .body = schema::apply_body,
                                   .answers = named_apply_answers,
                                   .flags = lenient,
                                   .max_body = large_body}),
    sim::route<&post_named_clear>({.method = "POST",
                                   .path = "/api/v1/simulations/{simulation_id}/scenarios/clear",
                                   .id = "clear_named_scenarios",
                                   .summary = "Take scenarios from batteries of a simulation",
                                   .params = schema::simulation_params,
                                   .body = schema::clear_body,
                                   .answers = named_clear_answers,
                                   .flags = optional,
                                   .max_body = large_body}),
};

constexpr sim_routes table = sim::routes(list, "GET, POST, DELETE, OPTIONS", &sim::render_error<&render_error>);

}  // namespace

const sim_routes& routes_table() noexcept { return table; }

}  // namespace battery_sensor
