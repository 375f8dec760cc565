/// Counters, and the page that shows them.
#include "metrics.hpp"

#include <charconv>

#include "health_probe.hpp"
#include "routes_sessions.hpp"

namespace bldc_motor {
namespace {

constexpr const char* sessions_help = "Simulation sessions created";
constexpr const char* sockets_help = "WebSocket connections accepted";
constexpr const char* steps_help = "Simulation steps made by all sessions";

Counters all;

void add(std::string& page, const char* name, const char* type, const char* help, double value) {
  char digits[32];
  const auto end = static_cast<std::size_t>(std::to_chars(digits, digits + sizeof digits, value).ptr - digits);
  page.append("# HELP ").append(name).append(" ").append(help).append("\n# TYPE ").append(name).append(" ");
  page.append(type).append("\n").append(name).append(" ").append(digits, end).append("\n");
}

}  // namespace

void open_counters(const sim_host& host) {
  const sim::Metrics metrics(&host);
  all.sessions = metrics.counter("simulation_sessions_total", sessions_help);
  all.sockets = metrics.counter("websocket_connections_total", sockets_help);
  all.steps = metrics.counter("motor_simulation_steps_total", steps_help);
}

const Counters& counters() noexcept { return all; }

void get_metrics(sim::Request& request, sim::Reply& reply) {
  const Bench bench(request.host());
  bench.count_steps();
  const MachineHealth machine = probe_machine();
  std::string page;
  add(page, "simulation_sessions_total", "counter", sessions_help, all.sessions.value());
  add(page, "websocket_connections_total", "counter", sockets_help, all.sockets.value());
  add(page, "motor_simulation_steps_total", "counter", steps_help, all.steps.value());
  add(page, "simulation_active_sessions", "gauge", "Sessions that exist now", static_cast<double>(bench.count()));
  add(page, "system_cpu_usage_percent", "gauge", "CPU usage of the machine", machine.cpu_percent);
  add(page, "system_memory_usage_bytes", "gauge", "Memory in use on the machine",
      static_cast<double>(machine.memory_used_bytes));
  add(page, "system_memory_total_bytes", "gauge", "Memory of the machine",
      static_cast<double>(machine.memory_total_bytes));
  add(page, "simulation_loop_duration_seconds", "gauge", "Median duration of a step, mean of the running sessions",
      bench.loop_duration_s());
  reply.status(200);
  reply.body("text/plain; version=0.0.4; charset=utf-8", page);
}

}  // namespace bldc_motor
