/// Every path of the original, with what it takes and gives.
#include "routes.hpp"

#include <sim/cpp/routes.hpp>

#include "health.hpp"
#include "metrics.hpp"
#include "routes_errors.hpp"
#include "routes_motor.hpp"
#include "routes_schemas.hpp"
#include "routes_simulation.hpp"

namespace bldc_motor {
namespace {

constexpr std::uint32_t beside = SIM_ROUTE_CONCURRENT | SIM_ROUTE_UNKNOWN_KEYS, lenient = SIM_ROUTE_UNKNOWN_KEYS;

constexpr sim_answer error(int status, const char* description) { return sim::answer(status, nullptr, description); }
constexpr sim_answer no_session = error(404, "There is no such session");
constexpr sim_answer ended = error(409, "The session has stopped or failed");
constexpr sim_answer fault = error(500, "The host could not do it; message says why");
constexpr sim_answer busy = error(503, "The session is busy");

constexpr sim_answer motor_answers[] = {sim::answer(200, schema::motor, "The motor's name plate and parameters")};
constexpr sim_answer efficiency_answers[] = {sim::answer(200, schema::efficiency, "Points within 48 V and 3 kW")};
constexpr sim_answer models_answers[] = {sim::answer(200, schema::models, "The motors on offer, by id")};
constexpr sim_answer start_answers[] = {sim::answer(200, schema::started, "It runs"),
                                        error(429, "As many sessions as may be are there"), fault, busy};
constexpr sim_answer stop_answers[] = {sim::answer(200, schema::stopped, "It is gone, its sockets are closed"),
                                       no_session, fault, busy};
constexpr sim_answer control_answers[] = {sim::answer(200, schema::updated, "Holds from the next step on"), no_session,
                                          ended, fault, busy};
constexpr sim_answer status_answers[] = {sim::answer(200, schema::status, "One consistent step of it"), no_session,
                                         fault, busy};
constexpr sim_answer sessions_answers[] = {sim::answer(200, schema::sessions, "All sessions, by creation")};
constexpr sim_answer cleanup_answers[] = {sim::answer(200, schema::cleaned, "Sessions nobody used have ended")};
constexpr sim_answer root_answers[] = {sim::answer(200, schema::root, "Where everything is")};
constexpr sim_answer health_answers[] = {sim::answer(200, schema::health, "How machine and service are")};
constexpr sim_answer ready_answers[] = {sim::answer(200, schema::ready, "Sessions can be started"),
                                        sim::answer(503, schema::ready, "They cannot")};
constexpr sim_answer live_answers[] = {sim::answer(200, schema::live, "The process answers")};
constexpr sim_answer metrics_answers[] = {sim::answer(200, nullptr, "Prometheus text", "text/plain")};

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
                             .summary = "Health with measurements",
                             .answers = health_answers,
                             .flags = lenient}),
    sim::route<&get_ready>({.method = "GET",
                            .path = "/ready",
                            .id = "ready",
                            .summary = "Readiness probe",
                            .answers = ready_answers,
                            .flags = beside}),
    sim::route<&get_live>({.method = "GET",
                           .path = "/live",
                           .id = "live",
                           .summary = "Liveness probe",
                           .answers = live_answers,
                           .flags = beside}),
    sim::route<&get_metrics>({.method = "GET",
                              .path = "/metrics",
                              .id = "metrics",
                              .summary = "Metrics for Prometheus",
                              .answers = metrics_answers,
                              .flags = lenient}),
    sim::route<&get_motor>({.method = "GET",
                            .path = "/api/motor",
                            .id = "get_motor",
                            .summary = "Parameters of the motor",
                            .params = schema::motor_params,
                            .answers = motor_answers,
                            .flags = beside}),
    sim::route<&get_efficiency>({.method = "GET",
                                 .path = "/api/motor/efficiency",
                                 .id = "get_efficiency",
                                 .summary = "Shaft efficiency over speed and torque",
                                 .params = schema::motor_params,
                                 .answers = efficiency_answers,
                                 .flags = beside}),
    sim::route<&get_models>({.method = "GET",
                             .path = "/api/motor/models",
                             .id = "get_models",
                             .summary = "Motors on offer",
                             .answers = models_answers,
                             .flags = beside}),
    sim::route<&post_start>({.method = "POST",
                             .path = "/api/simulation/start",
                             .id = "start_simulation",
                             .summary = "Start a session",
                             .body = schema::start_body,
                             .answers = start_answers,
                             .flags = lenient,
                             .deadline_ms = 15'000}),
    sim::route<&post_stop>({.method = "POST",
                            .path = "/api/simulation/{session_id}/stop",
                            .id = "stop_simulation",
                            .summary = "End a session",
                            .params = schema::session_params,
                            .answers = stop_answers,
                            .flags = lenient,
                            .deadline_ms = 15'000}),
    sim::route<&put_control>({.method = "PUT",
                              .path = "/api/simulation/{session_id}/control",
                              .id = "control_simulation",
                              .summary = "Steer a session",
                              .params = schema::session_params,
                              .body = schema::control_body,
                              .answers = control_answers,
                              .flags = lenient}),
    sim::route<&get_status>({.method = "GET",
                             .path = "/api/simulation/{session_id}/status",
                             .id = "simulation_status",
                             .summary = "State of a session",
                             .params = schema::session_params,
                             .answers = status_answers,
                             .flags = lenient}),
    sim::route<&get_sessions>({.method = "GET",
                               .path = "/api/simulation/sessions",
                               .id = "list_sessions",
                               .summary = "All sessions",
                               .answers = sessions_answers,
                               .flags = lenient}),
    sim::route<&post_cleanup>({.method = "POST",
                               .path = "/api/admin/cleanup",
                               .id = "cleanup",
                               .summary = "End the sessions that nobody uses",
                               .answers = cleanup_answers,
                               .flags = lenient,
                               .deadline_ms = 60'000}),
};

constexpr sim_routes table = sim::routes(list, "GET, POST, PUT, DELETE, OPTIONS", &sim::render_error<&render_error>);

}  // namespace

const sim_routes& routes_table() noexcept { return table; }

}  // namespace bldc_motor
