// /v1/plugins: what is loaded, and loading, replacing and unloading under running sessions.
#include <api/routes/v1.hpp>

#include <api/routes/answers.hpp>
#include <api/routes/long_work.hpp>
#include <api/routes/schemas.hpp>
#include <host/base/shape.hpp>

namespace simhost::routes {

namespace {

const std::string tag = "plugins";

Value with_url(const Context& context, Value plugin) {
  return plugin.set("compat_url", context.compat_url(plugin.find("id")->string()));
}

http::Route list_route(const Context& context) {
  http::Route route{"GET", "/v1/plugins", {.id = "listPlugins", .summary = "All plugins by id", .tag = tag}};
  route.info.params = page_params();
  route.info.answers = {answers_with(200, list_of("Plugin"), "a page of plugins")};
  route.handler = [&context](const http::Request& request, const http::Reply& reply) {
    Page page;
    if (!read_query(request, reply, [&](QueryReader& q) { page = read_page(q); })) return;
    reply(http::answer(200, page_of(
                                context.plugins.list(), page, [](const auto& p) { return p.find("id")->string(); },
                                [&](const auto& p) { return with_url(context, p); })));
  };
  return route;
}

http::Route get_route(const Context& context) {
  http::Route route{"GET", "/v1/plugins/{plugin}", {.id = "getPlugin", .summary = "One plugin", .tag = tag}};
  route.info.answers = {answers_with(200, ref("Plugin"), "the plugin")};
  route.handler = [&context](const http::Request& request, const http::Reply& reply) {
    auto plugin = context.plugins.find(*request.param("plugin"));
    if (!plugin) return answer_fail(reply, {"not_found", "there is no plugin " + *request.param("plugin")});
    reply(http::answer(200, with_url(context, std::move(*plugin))));
  };
  return route;
}

http::Route load_route(const Context& context) {
  http::Route route{"POST",
                    "/v1/plugins",
                    {.id = "loadPlugin", .summary = "Load a file of the plugin folders, or the one sent", .tag = tag}};
  route.info.consumes = {"application/octet-stream"};
  route.info.files = context.uploads;
  route.info.access = http::Access::administer;
  route.info.takes_body = http::Body::required;
  route.info.body = ref("PluginLoad");
  route.info.deadline = std::chrono::seconds(30);
  route.info.answers = {answers_with(201, ref("Plugin"), "loaded")};
  route.handler = [&context](const http::Request& request, const http::Reply& reply) {
    const auto show_loaded = [&context](const services::LoadReport& report) {
      return created("/v1/plugins/" + report.id,
                     with_url(context, context.plugins.find(report.id).value_or(Value(Object{}))));
    };
    if (request.file != nullptr)
      return context.plugins.install(request.file->path(),
                                     answering<services::LoadReport>(
                                         reply, [file = request.file, show_loaded](const services::LoadReport& report) {
                                           return show_loaded(report);
                                         }));
    FieldErrors errors;
    ObjectReader r(request.body, "", errors);
    r.require("path");
    const auto path = r.text("path", {.min_chars = 1});
    r.finish();
    if (!errors.empty()) return answer_fail(reply, validation_failed(std::move(errors)));
    context.plugins.load(*path, answering<services::LoadReport>(reply, show_loaded));
  };
  return route;
}

http::Route reload_route(const Context& context) {
  http::Route route{"POST",
                    "/v1/plugins/{plugin}/reload",
                    {.id = "reloadPlugin", .summary = "Replace it under its running sessions", .tag = tag}};
  route.info.access = http::Access::administer;
  route.info.takes_body = http::Body::optional;
  route.info.body = ref("PluginReload");
  route.info.deadline = std::chrono::seconds(30);
  route.info.answers = {answers_with(200, ref("PluginReloaded"), "replaced, or what it would be")};
  declare_async(route.info);
  route.handler = [&context](const http::Request& request, const http::Reply& reply) {
    FieldErrors errors;
    ObjectReader r(body_of(request), "", errors);
    const auto path = r.text("path", {.min_chars = 1});
    const bool dry = r.boolean("dry_run").value_or(false);
    r.finish();
    if (!errors.empty()) return answer_fail(reply, validation_failed(std::move(errors)));
    const auto rehearsal = dry ? services::Rehearsal::dry_run : services::Rehearsal::no;
    const auto end = as_preferred(context.jobs, context.store, request, reply, "plugin.reload");
    if (!end) return;
    context.plugins.reload(*request.param("plugin"), path.value_or(""), rehearsal,
                           answering<services::ReloadReport>(end, [](const services::ReloadReport& report) {
                             return http::answer(200, services::show(report));
                           }));
  };
  return route;
}

http::Route unload_route(const Context& context) {
  http::Route route{"DELETE", "/v1/plugins/{plugin}", {.id = "unloadPlugin", .summary = "Unload it", .tag = tag}};
  route.info.access = http::Access::administer;
  route.info.deadline = std::chrono::seconds(30);
  route.info.params = schema(R"({"type":"object","properties":{"force":{"type":"boolean","default":false}}})");
  route.info.answers = {answers_empty(204, "unloaded, and verified gone"),
                        answers_with(200, schema(R"({"type":"object"})"), "withdrawn; its library has not left yet")};
  route.handler = [&context](const http::Request& request, const http::Reply& reply) {
    bool force = false;
    if (!read_query(request, reply, [&](QueryReader& q) { force = q.boolean("force").value_or(false); })) return;
    context.plugins.unload(*request.param("plugin"), force ? services::Force::end_sessions : services::Force::no,
                           answering<services::UnloadReport>(reply, [](const services::UnloadReport& report) {
                             if (report.old == plugin::Retired::gone) return no_content();
                             return http::answer(200, services::show(report));
                           }));
  };
  return route;
}

}  // namespace

std::vector<http::Route> plugin_admin_routes(const Context& context) {
  return {list_route(context), get_route(context), load_route(context), reload_route(context), unload_route(context)};
}

}  // namespace simhost::routes
