/// Answers in no time: nothing here waits for a measurement.
#include "health.hpp"

#include <cmath>

#include "health_probe.hpp"
#include "metrics.hpp"
#include "routes_sessions.hpp"
#include "wire_text.hpp"

namespace bldc_motor {
namespace {

constexpr double cpu_percent_max = 80, memory_percent_max = 85, disk_percent_max = 90, sessions_share_max = 0.9;
constexpr std::uint64_t bytes_per_mb = 1024 * 1024;

std::string percent(double value) { return std::to_string(std::llround(value)) + "%"; }

std::vector<std::string> issues_of(const MachineHealth& machine, std::size_t sessions) {
  std::vector<std::string> issues;
  if (machine.cpu_percent > cpu_percent_max) issues.push_back("High CPU usage: " + percent(machine.cpu_percent));
  if (machine.memory_percent > memory_percent_max)
    issues.push_back("High memory usage: " + percent(machine.memory_percent));
  if (machine.disk_percent > disk_percent_max) issues.push_back("High disk usage: " + percent(machine.disk_percent));
  const std::size_t limit = settings().sessions_max;
  if (static_cast<double>(sessions) >= sessions_share_max * static_cast<double>(limit))
    issues.push_back("Near session limit: " + std::to_string(sessions) + "/" + std::to_string(limit));
  return issues;
}

void put_system(const MachineHealth& machine, std::size_t sessions, sim::Json& json) {
  json.key("system").object();
  put_real(json, "cpu_percent", machine.cpu_percent);
  json.member("memory_mb", machine.memory_used_bytes / bytes_per_mb);
  put_real(json, "memory_percent", machine.memory_percent);
  put_real(json, "disk_percent", machine.disk_percent);
  json.member("active_sessions", sessions).member("max_sessions", settings().sessions_max);
  json.member("platform", platform_name()).member("python_version", "none (native)").end();
}

void put_application(const Bench& bench, sim::Json& json) {
  json.key("application").object();
  json.member("total_sessions_created", std::llround(counters().sessions.value()));
  json.member("websocket_connections", bench.sockets());
  json.member("simulation_steps", std::llround(counters().steps.value()));
  put_real(json, "average_loop_duration", bench.loop_duration_s());
  json.end();
}

}  // namespace

void get_root(sim::Request& request, sim::Reply& reply) {
  const std::string at(request.mount());
  const std::pair<const char*, std::string> endpoints[] = {
      {"motor_info", at + "/api/motor"},
      {"efficiency_curve", at + "/api/motor/efficiency"},
      {"start_simulation", at + "/api/simulation/start"},
      {"health_check", at + "/health"},
      {"metrics", at + "/metrics"},
      {"docs", "/docs"}};  // the listener's own page, wherever the plugin is mounted
  reply.json([&](sim::Json& json) {
    json.object().member("name", service_name).member("version", service_version).member("status", "running");
    json.key("endpoints").object();
    for (const auto& [name, path] : endpoints) json.member(name, path);
    json.end().key("websocket").object().member("endpoint", at + "/ws/{session_id}");
    json.key("protocols").array().value("json").value("binary").end().end();
    put_time(json, sim::Clock(request.host()).wall_ns());
    json.end();
  });
}

void get_health(sim::Request& request, sim::Reply& reply) {
  const Bench bench(request.host());
  bench.count_steps();
  const MachineHealth machine = probe_machine();
  const std::size_t sessions = bench.count();
  const auto issues = issues_of(machine, sessions);
  reply.json([&](sim::Json& json) {
    json.object().member("status", issues.empty() ? "healthy" : "degraded");
    put_time(json, bench.now_ns());
    json.member("version", service_version).member("environment", settings().environment);
    put_real(json, "uptime_seconds", process_uptime_s());
    json.key("issues").array();
    for (const auto& issue : issues) json.value(issue);
    json.end();
    put_system(machine, sessions, json);
    put_application(bench, json);
    json.end();
  });
}

void get_ready(sim::Request& request, sim::Reply& reply) {
  const sim_host* host = request.host();
  const bool sessions = sim::extension<sim_sessions>(host, SIM_SESSIONS) != nullptr && !motor_types().empty();
  const bool configured = sim::extension<sim_config>(host, SIM_CONFIG) != nullptr;
  const auto write = [&](sim::Json& json) {
    json.object().member("status", sessions ? "ready" : "not_ready");
    put_time(json, sim::Clock(host).wall_ns());
    json.key("checks").object().member("motor_factory", sessions ? "ok" : "failed");
    json.member("configuration", configured ? "ok" : "unknown").end();
    if (!sessions) json.member("error", "the host offers no sessions");
    json.end();
  };
  reply.json(write, sessions ? 200 : 503);
}

void get_live(sim::Request& request, sim::Reply& reply) {
  reply.json([&](sim::Json& json) {
    json.object().member("status", "alive");
    put_time(json, sim::Clock(request.host()).wall_ns());
    json.member("pid", process_id()).end();
  });
}

}  // namespace bldc_motor
