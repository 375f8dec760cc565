/// Every path of the original, with what it takes and gives.
#include "routes.hpp"

#include "routes_errors.hpp"
#include "routes_schemas.hpp"

namespace robot_test_rig {
namespace {

constexpr std::uint32_t lenient = SIM_ROUTE_UNKNOWN_KEYS, beside = lenient | SIM_ROUTE_CONCURRENT;

constexpr sim_answer error(int status, const char* description) { return sim::answer(status, nullptr, description); }
constexpr sim_answer fault = error(500, "The host could not do it; detail says why");
constexpr sim_answer busy = error(503, "The session is busy");

constexpr sim_answer root_answers[] = {sim::answer(200, schema::root, "Name and version")};
constexpr sim_answer health_answers[] = {sim::answer(200, schema::health, "It answers")};
constexpr sim_answer sensors_answers[] = {sim::answer(200, schema::sensors_status, "Sensors and system")};
constexpr sim_answer readings_answers[] = {sim::answer(200, schema::readings, "The newest that fit, oldest first")};
constexpr sim_answer aggregated_answers[] = {
    sim::answer(200, schema::aggregated, "Bins that are not empty, or a message where there are no readings")};
constexpr sim_answer validation_answers[] = {sim::answer(200, schema::validation, "Results, the newest last")};
constexpr sim_answer latest_answers[] = {sim::answer(200, schema::latest, "The newest of each sensor, or null")};
constexpr sim_answer simulate_answers[] = {
    sim::answer(200, schema::simulated, "The next reading takes it; without a session nothing does"),
    error(422, "The sensor does not know this event"), fault, error(503, "Ten wait already")};
constexpr sim_answer start_answers[] = {sim::answer(200, schema::started, "It records"),
                                        error(400, "Session already in progress"), fault, busy};
constexpr sim_answer stop_answers[] = {sim::answer(200, schema::summary, "What it recorded"),
                                       error(400, "No active session to stop"), fault, busy};
constexpr sim_answer summary_answers[] = {sim::answer(200, schema::summary, "What it recorded so far")};
constexpr sim_answer export_answers[] = {sim::answer(200, nullptr, "CSV, CRLF", "application/octet-stream"),
                                         error(400, "No data to export")};
constexpr sim_answer reset_answers[] = {sim::answer(200, schema::done, "Nothing is left"), fault, busy};
constexpr sim_answer session_answers[] = {sim::answer(200, schema::session_status, "How it goes")};

constexpr std::uint32_t change_ms = 15'000;

constexpr sim_route list[] = {
    sim::route<&get_root>({.method = "GET",
                           .path = "/",
                           .id = "root",
                           .summary = "Basic health check",
                           .answers = root_answers,
                           .flags = beside}),
    sim::route<&get_health>({.method = "GET",
                             .path = "/health",
                             .id = "health",
                             .summary = "Detailed health",
                             .answers = health_answers,
                             .flags = beside}),
    sim::route<&get_sensors_status>({.method = "GET",
                                     .path = "/api/v1/sensors/status",
                                     .id = "sensors_status",
                                     .summary = "Status of the sensor system",
                                     .answers = sensors_answers,
                                     .flags = beside}),
    sim::route<&get_readings>({.method = "GET",
                               .path = "/api/v1/sensors/readings",
                               .id = "readings",
                               .summary = "Readings, with filters",
                               .params = schema::readings_params,
                               .answers = readings_answers,
                               .flags = beside}),
    sim::route<&get_aggregated>({.method = "GET",
                                 .path = "/api/v1/sensors/readings/aggregated",
                                 .id = "aggregated_readings",
                                 .summary = "Readings of the whole recording in bins over time",
                                 .params = schema::aggregated_params,
                                 .answers = aggregated_answers,
                                 .flags = beside}),
    sim::route<&get_validation>({.method = "GET",
                                 .path = "/api/v1/sensors/validation",
                                 .id = "validation_results",
                                 .summary = "Validation results",
                                 .params = schema::validation_params,
                                 .answers = validation_answers,
                                 .flags = beside}),
    sim::route<&get_latest>({.method = "GET",
                             .path = "/api/v1/sensors/readings/latest",
                             .id = "latest_readings",
                             .summary = "The newest reading of each sensor",
                             .answers = latest_answers,
                             .flags = beside}),
    sim::route<&post_simulate>({.method = "POST",
                                .path = "/api/v1/sensors/simulate",
                                .id = "simulate_event",
                                .summary = "Inject an event into the next reading",
                                .params = schema::sensor_and_event,
                                .answers = simulate_answers,
                                .flags = lenient}),
    sim::route<&post_start>({.method = "POST",
                             .path = "/api/v1/sessions/start",
                             .id = "start_session",
                             .summary = "Start a recording session",
                             .body = schema::start_body,
                             .answers = start_answers,
                             .flags = lenient | SIM_ROUTE_BODY_OPTIONAL,
                             .deadline_ms = change_ms}),
    sim::route<&post_stop>({.method = "POST",
                            .path = "/api/v1/sessions/stop",
                            .id = "stop_session",
                            .summary = "Stop the recording session",
                            .answers = stop_answers,
                            .flags = lenient,
                            .deadline_ms = change_ms}),
    sim::route<&get_session_status>({.method = "GET",
                                     .path = "/api/v1/sessions/status",
                                     .id = "session_status",
                                     .summary = "Status of the session",
                                     .answers = session_answers,
                                     .flags = beside}),
    sim::route<&get_summary>({.method = "GET",
                              .path = "/api/v1/sessions/summary",
                              .id = "session_summary",
                              .summary = "Summary of the session",
                              .answers = summary_answers,
                              .flags = beside}),
    sim::route<&get_export>({.method = "GET",
                             .path = "/api/v1/sessions/export/csv",
                             .id = "export_csv",
                             .summary = "All readings of the session as CSV",
                             .answers = export_answers,
                             .flags = beside}),
    sim::route<&post_reset>({.method = "POST",
                             .path = "/api/v1/sessions/reset",
                             .id = "reset_session",
                             .summary = "End the session and forget its data",
                             .answers = reset_answers,
                             .flags = lenient,
                             .deadline_ms = change_ms}),
};

constexpr sim_routes table = sim::routes(list, nullptr, &sim::render_error<&render_error>);

}  // namespace

const sim_routes& routes_table() noexcept { return table; }

}  // namespace robot_test_rig
