/// Starting, steering, showing and ending sessions.
#include "routes_simulation.hpp"

#include <cmath>

#include "metrics.hpp"
#include "wire_text.hpp"
#include "wire_variables.hpp"

namespace bldc_motor {
namespace {

constexpr std::uint32_t retry_after_s = 60;  // idle sessions end once a minute
constexpr std::int64_t cleaning_period_ns = std::int64_t{60} * 1'000'000'000;

/// The session that the path names, its idle time begun anew; otherwise answers 404.
std::optional<BenchSession> session_of(const Bench& bench, sim::Request& request, sim::Reply& reply) {
  const std::string_view id = request.param("session_id");
  auto session = bench.find(id);
  if (session)
    bench.touch(session->handle);
  else
    reply.problem(404, "session_not_found", "Session " + std::string(id) + " not found");
  return session;
}

/// The host refused something of a session that was there a moment ago.
template <class T>
void refuse(sim::Reply& reply, const sim::Result<T>& result, std::string_view code) {
  const std::string_view said = result.error.code, message = result.error.message;
  if (said == "not_found") return static_cast<void>(reply.problem(404, "session_not_found", message));
  const int status = sim::http_status(result.status);
  reply.problem(status == 400 ? 500 : status, code, message.empty() ? "the host refused this" : message, {},
                status == 503 ? 1 : 0);
}

void refuse_limit(sim::Reply& reply, std::string_view message) {
  reply.problem(429, "session_limit_exceeded", message, {}, retry_after_s);
}

std::string socket_url(const sim::Request& request, std::string_view session) {
  std::string url(request.scheme() == "https" ? "wss://" : "ws://");
  return url.append(request.authority()).append(request.mount()).append("/ws/").append(session);
}

BenchOrder order_of(const sim::Value& body) {
  BenchOrder order;
  order.motor = find_motor(body["motor_id"].text());
  order.control_mode = find_mode(body["control_mode"].text("speed")).value_or(0);
  order.use_cascaded_control = body["use_cascaded_control"].boolean(true);
  order.title = body["session_name"].text();
  return order;
}

/// A percentage as it was given, not as the division brought it back.
double load_percent(const BenchSession& session, double load_n_m) {
  const double percent = load_n_m / session.load_base_n_m(settings().load_base) * 100;
  return std::round(percent * 1e9) / 1e9;
}

void put_motor_state(const Readings& now, sim::Json& json) {
  json.key("motor_state").object();
  put_real(json, "speed_rpm", now.speed_rpm);
  put_real(json, "torque_nm", now.torque_nm);
  put_real(json, "current_a", now.current_a);
  put_real(json, "voltage_v", now.voltage_v);
  put_real(json, "power_w", now.power_w);
  put_real(json, "efficiency", now.efficiency);
  put_real(json, "temperature_c", now.temperature_c);
  json.end();
}

void put_control_state(const BenchSession& session, const Readings& now, sim::Json& json) {
  json.key("control_state").object();
  put_real(json, "target_speed_rpm", now.speed_setpoint_rpm);
  put_real(json, "pid_output", now.control_input_v);
  json.member("control_mode", control_modes[static_cast<std::size_t>(now.control_mode)]);
  put_real(json, "load_torque_percent", load_percent(session, now.load_torque_n_m));
  json.end();
}

void put_listed(const Bench& bench, const BenchSession& session, sim::Json& json) {
  json.object().member("session_id", session.info.name).member("motor_id", session.motor->id);
  json.member("control_mode", session.control_mode).member("session_name", session.title);
  put_real(json, "uptime_seconds", bench.uptime_s(session));
  json.member("websocket_connections", bench.sockets(session.handle)).member("data_points", session.data_points());
  json.member("is_active", session.is_running()).end();
}

void clean(const sim_host* host, void*) {
  const sim::Jobs jobs(host);
  jobs.post_after<&clean>(cleaning_period_ns, nullptr);
  const Bench bench(host);
  bench.count_steps();
  static_cast<void>(bench.end_idle());
}

}  // namespace

void begin_cleaning(const sim_host& host) { sim::Jobs(&host).post_after<&clean>(cleaning_period_ns, nullptr); }

void post_start(sim::Request& request, sim::Reply& reply) {
  const Bench bench(request.host());
  const std::uint32_t limit = settings().sessions_max;
  if (bench.count() >= limit)
    return refuse_limit(reply, "Maximum of " + std::to_string(limit) + " concurrent sessions reached");
  const BenchOrder order = order_of(request.body());
  const auto session = bench.start(order);
  if (!session && std::string_view(session.error.code) == "limit_reached")
    return refuse_limit(reply, session.error.message);
  if (!session) return refuse(reply, session, "session_creation_failed");
  if (settings().debug) sim::Log(request.host()).info("session " + std::string(session.value.info.name) + " started");
  reply.json([&](sim::Json& json) {
    const auto& made = session.value;
    json.object().member("session_id", made.info.name).member("status", "started");
    json.member("websocket_url", socket_url(request, made.info.name));
    json.member("created_at", iso_time(made.info.created_wall_ns)).member("motor_id", made.motor->id);
    json.member("control_mode", made.control_mode).member("use_cascaded_control", order.use_cascaded_control);
    json.member("session_name", made.title).end();
  });
}

void post_stop(sim::Request& request, sim::Reply& reply) {
  const Bench bench(request.host());
  auto session = session_of(bench, request, reply);
  if (!session) return;
  const double duration_s = bench.uptime_s(*session);
  const auto stopped = bench.stop(std::move(*session));
  if (!stopped) return refuse(reply, stopped, "session_stop_failed");
  if (settings().debug) sim::Log(request.host()).info("session " + std::string(stopped.value.info.name) + " stopped");
  reply.json([&](sim::Json& json) {
    json.object().member("session_id", stopped.value.info.name).member("status", "stopped");
    put_real(json, "duration_s", duration_s);
    json.member("data_points", stopped.value.data_points()).member("simulation_steps", stopped.value.info.tick).end();
  });
}

void put_control(sim::Request& request, sim::Reply& reply) {
  const Bench bench(request.host());
  const auto session = session_of(bench, request, reply);
  if (!session) return;
  const ControlRequest control = read_body(request.body());
  const auto now = bench.set(*session, control);
  if (!now) return refuse(reply, now, "parameter_update_failed");
  reply.json([&](sim::Json& json) {
    json.object().member("status", "updated").member("session_id", session->info.name);
    json.key("updated_parameters").object();
    put_real(json, "target_speed_rpm", now.value.speed_setpoint_rpm);
    put_real(json, "load_torque_percent", load_percent(*session, now.value.load_torque_n_m));
    json.member("pid_enabled", now.value.enable_pid > 0.5);
    put_echo(json, control);
    json.end().end();
  });
}

void put_status(const Bench& bench, const BenchSession& session, const Readings& now, sim::Json& json) {
  json.object().member("session_id", session.info.name).member("status", session.is_running() ? "running" : "stopped");
  put_real(json, "uptime_s", bench.uptime_s(session));
  put_motor_state(now, json);
  put_control_state(session, now, json);
  json.key("performance").object().member("data_points", session.data_points());
  json.member("simulation_steps", session.info.tick);
  put_real(json, "average_loop_time", static_cast<double>(session.info.step_p50_ns) / 1e9);
  json.member("websocket_connections", bench.sockets(session.handle)).end().end();
}

void get_status(sim::Request& request, sim::Reply& reply) {
  const Bench bench(request.host());
  const auto session = session_of(bench, request, reply);
  if (!session) return;
  const auto now = bench.read(session->handle);
  if (!now) return refuse(reply, now, "status_retrieval_failed");
  reply.json([&](sim::Json& json) { put_status(bench, *session, now.value, json); });
}

void get_sessions(sim::Request& request, sim::Reply& reply) {
  const Bench bench(request.host());
  const auto sessions = bench.list();
  reply.json([&](sim::Json& json) {
    json.object().key("active_sessions").array();
    for (const auto& session : sessions) put_listed(bench, session, json);
    json.end().member("total_count", sessions.size()).member("max_sessions", settings().sessions_max).end();
  });
}

void post_cleanup(sim::Request& request, sim::Reply& reply) {
  const Bench bench(request.host());
  const std::size_t before = bench.list().size(), ended = bench.end_idle();
  reply.json([&](sim::Json& json) {
    json.object().member("status", "cleanup_complete").member("sessions_before", before);
    json.member("sessions_after", bench.list().size()).member("sessions_cleaned", ended);
    put_time(json, bench.now_ns());
    json.end();
  });
}

}  // namespace bldc_motor
