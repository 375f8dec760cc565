// /v1/host, the health endpoints and the metrics.
#include <api/routes/v1.hpp>

#include <thread>

#include <sys/utsname.h>

#include <api/routes/answers.hpp>
#include <api/routes/schemas.hpp>
#include <host/record/recorder.hpp>

namespace simhost::routes {

namespace {

constexpr double ns_per_us = 1e3;
const std::string tag = "operations";

std::string_view cpu_level() {
  __builtin_cpu_init();
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi2") ? "x86-64-v3"
                                                                                                           : "x86-64";
}

Value machine(const Context& context) {
  utsname name{};
  uname(&name);
  return Value::object({{"cpus", std::thread::hardware_concurrency()},
                        {"cpu_level", cpu_level()},
                        {"kernel", std::string(name.sysname) + " " + name.release},
                        {"scheduling", context.engine.pacer().scheduling()},
                        {"timer_slack_ns", std::int64_t{context.engine.pacer().timer_slack_ns()}}});
}

Value clock_of(const engine::Seat::Stats& stats) {
  using engine::Histogram;
  return Value::object(
      {{"lateness_us", Value::object({{"p50", Histogram::quantile_ns(stats.lateness, 0.5) / ns_per_us},
                                      {"p99", Histogram::quantile_ns(stats.lateness, 0.99) / ns_per_us},
                                      {"max", stats.lateness_max_ns / ns_per_us}})}});
}

Value show_host(const Context& context, const engine::Seat::Stats& totals) {
  const auto counts = context.registry.counts();
  return Value::object(
      {{"name", "simhost"},
       {"version", SIMHOST_VERSION},
       {"api_version", "1.0"},
       {"abi_version", std::to_string(SIM_ABI_MAJOR) + "." + std::to_string(SIM_ABI_MINOR)},
       {"started_at", format_utc(context.started_wall_ns)},
       {"uptime_s", static_cast<double>(context.clock.monotonic_ns() - context.started_ns) * 1e-9},
       {"machine", machine(context)},
       {"clock", clock_of(totals)},
       {"counts", Value::object({{"plugins", std::uint64_t{context.plugins.all_current().size()}},
                                 {"models", std::uint64_t{context.models.list().size()}},
                                 {"sessions", std::uint64_t{counts.sessions}},
                                 {"lanes", std::uint64_t{counts.lanes}},
                                 {"clients", std::uint64_t{context.clients()}},
                                 {"recordings", std::uint64_t{context.recorder.counts().recordings}}})},
       {"limits", context.limits},
       {"isolation", "in_process"}});
}

http::Route host_route(const Context& context) {
  http::Route route{
      "GET", "/v1/host", {.id = "getHost", .summary = "The host, its machine and its limits", .tag = tag}};
  route.info.answers = {answers_with(200, ref("Host"), "the host")};
  route.handler = [&context](const http::Request&, const http::Reply& reply) {
    // The drivers are the control thread's: their totals are read there.
    context.registry.in_order(
        [&context, reply] { reply(http::answer(200, show_host(context, context.engine.totals()))); });
  };
  return route;
}

// 200 with {"status":"ok"}, or 503 with why not.
http::Route health_route(std::string path, std::string id, std::string summary, std::function<std::string()> why_not) {
  http::Route route{"GET", std::move(path), {.id = std::move(id), .summary = std::move(summary), .tag = tag}};
  route.info.access = http::Access::open;
  const auto shape = schema(R"({"type":"object","required":["status"],"properties":{"status":{"type":"string"},
    "reasons":{"type":"array","items":{"type":"string"}}}})");
  route.info.answers = {answers_with(200, shape, "yes"), answers_with(503, shape, "no, and why")};
  route.handler = [why_not = std::move(why_not)](const http::Request&, const http::Reply& reply) {
    const auto reason = why_not ? why_not() : std::string();
    if (reason.empty()) return reply(http::answer(200, Value::object({{"status", "ok"}})));
    Value reasons = Value::array();
    reasons.push(reason);
    reply(http::answer(503, Value::object({{"status", "not_ready"}, {"reasons", std::move(reasons)}})));
  };
  return route;
}

http::Route metrics_route(const Context& context) {
  http::Route route{
      "GET", "/metrics", {.id = "getMetrics", .summary = "Metrics in Prometheus' text format", .tag = tag}};
  route.info.access = http::Access::open;
  route.info.answers = {{200, "text/plain; version=0.0.4", {}, "the metrics"}};
  route.handler = [&context](const http::Request&, const http::Reply& reply) {
    context.registry.in_order([&context, reply] {
      http::Response response;
      response.media_type = "text/plain; version=0.0.4; charset=utf-8";
      response.body = context.metrics();
      reply(std::move(response));
    });
  };
  return route;
}

}  // namespace

std::vector<http::Route> host_routes(const Context& context) {
  return {host_route(context), health_route("/livez", "getLivez", "Whether the process answers", {}),
          health_route("/readyz", "getReadyz", "Whether it serves", context.not_ready),
          health_route("/startupz", "getStartupz", "Whether it has started", {}), metrics_route(context)};
}

std::vector<http::Route> v1_routes(const Context& context) {
  std::vector<http::Route> all;
  for (auto* make : {host_routes, plugin_admin_routes, model_routes, session_routes, variable_routes, checkpoint_routes,
                     recording_routes, job_routes, scenario_routes, schedule_routes, rule_routes})
    for (auto& route : make(context)) all.push_back(std::move(route));
  return all;
}

}  // namespace simhost::routes
