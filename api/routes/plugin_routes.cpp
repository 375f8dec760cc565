// From the C table of routes to rows of a router.
#include <api/routes/plugin_routes.hpp>

#include <algorithm>

#include <api/routes/plugin_call.hpp>
#include <api/routes/plugin_request.hpp>
#include <host/services/answers.hpp>
#include <host/services/problems.hpp>
#include <host/services/route_schemas.hpp>

namespace simhost::routes {

namespace {

using services::RouteSchemas;
using Schemas = std::shared_ptr<const std::vector<RouteSchemas>>;

// So that the worker's deadline, which names the plugin, comes before the listener's.
constexpr std::chrono::milliseconds deadline_margin{2000};

std::chrono::milliseconds deadline_of(const sim_route& route) {
  if (route.deadline_ms == 0) return std::chrono::milliseconds(limits::route_deadline_default_ms);
  return std::chrono::milliseconds(std::min<std::uint32_t>(route.deadline_ms, limits::route_deadline_ms));
}

std::string text(const char* from) { return from == nullptr ? "" : from; }

// Path and query parameters, then the body: the first that is faulty answers with all its faults.
Outcome check(const RouteSchemas& schemas, const http::Request& request) {
  FieldErrors errors;
  if (schemas.check_params) {
    TextPairs texts = request.params;
    texts.insert(texts.end(), request.query.begin(), request.query.end());
    static_cast<void>(schemas.check_params->convert(texts, errors, schemas.unknown));
    if (!errors.empty()) return fail(validation_failed(std::move(errors), Place::query));
  }
  if (schemas.check_body && request.has_body) {
    schemas.check_body->validate(request.body, "", errors, schemas.unknown);
    if (!errors.empty()) return fail(validation_failed(std::move(errors)));
  }
  return {};
}

Error gone() { return Error{"plugin_unavailable", "the plugin has been replaced or unloaded", {}, 0, 1}; }

// What a route's handler needs; the table stays in its generation, which is held while it runs.
struct Binding {
  services::Services& services;
  std::weak_ptr<plugin::Generation> generation;
  std::size_t place;
  Schemas schemas;

  void operator()(const http::Request& request, const http::Reply& reply) const {
    const auto held = generation.lock();
    const auto lane = held == nullptr ? nullptr : services::Services::lane_of(*held);
    if (lane == nullptr) return reply(http::answer_error(gone()));
    if (auto checked = check((*schemas)[place], request); !checked)
      return reply(http::answer_error(std::move(checked.error())));
    const sim_route& route = held->routes().routes[place];
    const auto call = std::make_shared<PluginCall>(request, reply);
    services::Task task;
    task.run = [call, held, &route] { call->run(held, route); };
    task.drop = task.overdue = [call](const Error& error) { call->give_up(error); };
    task.deadline_ns = services::monotonic_now_ns() + std::chrono::nanoseconds(deadline_of(route)).count();
    task.order = (route.flags & SIM_ROUTE_CONCURRENT) != 0 ? services::Order::concurrent : services::Order::serial;
    if (auto taken = services.workers().submit(lane, std::move(task)); !taken) call->give_up(taken.error());
  }
};

http::RouteInfo info_of(const plugin::Generation& generation, const sim_route& route, const RouteSchemas& schemas,
                        const std::string& mount) {
  http::RouteInfo info;
  info.id = mount.empty() ? text(route.id) : generation.plugin_id() + "." + text(route.id);
  info.summary = text(route.summary);
  info.tag = generation.plugin_id();
  info.params = schemas.params;
  info.body = schemas.body;
  for (std::uint32_t i = 0; i < route.n_answers; ++i) {
    const sim_answer& from = route.answers[i];
    http::Answer answer{from.status, text(from.media_type), schemas.answers[i], text(from.description)};
    if (answer.media_type.empty()) answer.media_type = "application/json";
    info.answers.push_back(std::move(answer));
  }
  info.access = (route.flags & SIM_ROUTE_ADMINISTER) != 0 ? http::Access::administer : http::Access::operate;
  const bool optional = (route.flags & SIM_ROUTE_BODY_OPTIONAL) != 0;
  if (!schemas.body.is_null()) info.takes_body = optional ? http::Body::optional : http::Body::required;
  info.max_body = std::min<std::size_t>(route.max_body, limits::http_route_body_bytes);
  info.deadline = deadline_of(route) + deadline_margin;
  info.mount = mount;
  return info;
}

}  // namespace

std::vector<http::Route> plugin_routes(services::Services& services,
                                       const std::shared_ptr<plugin::Generation>& generation,
                                       const std::string& mount) {
  std::vector<http::Route> rows;
  auto compiled = services::compile_routes(*generation);
  if (!compiled) return rows;  // such a generation does not get into service
  const auto schemas = std::make_shared<const std::vector<RouteSchemas>>(std::move(*compiled));
  const auto& routes = generation->routes().routes;
  for (std::size_t i = 0; i < routes.size(); ++i) {
    http::Route row;
    row.method = text(routes[i].method);
    row.path = mount + text(routes[i].path);
    row.info = info_of(*generation, routes[i], (*schemas)[i], mount);
    row.handler = Binding{services, generation, i, schemas};
    rows.push_back(std::move(row));
  }
  return rows;
}

std::string plugin_cors_methods(const plugin::Generation& generation) { return text(generation.routes().cors_methods); }

namespace {

std::int32_t append(void* body, std::uint32_t kind, const void* data, std::uint64_t size) noexcept {
  return services::guarded([&]() -> sim_status {
    auto& to = *static_cast<std::string*>(body);
    if (kind != SIM_TEXT || (data == nullptr && size > 0)) return SIM_INVALID_ARG;
    if (size > limits::http_body_bytes - to.size()) return SIM_BUSY;
    to.append(static_cast<const char*>(data), size);
    return SIM_OK;
  });
}

std::int32_t ignore_close(void*, std::uint32_t, const char*) noexcept { return SIM_UNSUPPORTED; }

}  // namespace

http::ErrorRenderer plugin_error_renderer(const std::shared_ptr<plugin::Generation>& generation) {
  if (generation->routes().render_error == nullptr) return {};
  return [weak = std::weak_ptr(generation)](const http::Request& request,
                                            const Error& error) -> std::optional<http::Response> {
    const auto held = weak.lock();
    if (held == nullptr) return std::nullopt;
    const PluginRequest seen(request);
    const services::ProblemView problem(error);
    std::int32_t status = problem.get()->status;
    std::string body;
    const sim_sink sink{sizeof(sim_sink), 0, &body, append, ignore_close};
    const auto done =
        services::guarded([&] { return held->routes().render_error(seen.get(), problem.get(), &status, &sink); });
    if (done != SIM_OK || status < 400 || status > 599) return std::nullopt;
    http::Response response;
    response.status = status;
    response.body = std::move(body);
    return response;
  };
}

}  // namespace simhost::routes
