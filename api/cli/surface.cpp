// Routes and streams of a plugin for both kinds of listener.
#include <api/cli/surface.hpp>

#include <api/routes/plugin_routes.hpp>
#include <api/routes/plugin_streams.hpp>

namespace simhost::cli {

namespace {

// Operation ids of the main listener are "<plugin>.<operation>".
std::vector<http::Route> routes_at(services::Services& services, const std::shared_ptr<plugin::Generation>& generation,
                                   const std::string& mount, http::MessageLimits limits) {
  auto routes = routes::plugin_routes(services, generation, mount);
  for (auto& route : routes::plugin_stream_routes(services, generation, mount, limits))
    routes.push_back(std::move(route));
  return routes;
}

}  // namespace

PluginSurface surface_of(services::Services& services, const std::shared_ptr<plugin::Generation>& generation,
                         http::MessageLimits limits) {
  return {.mounted = routes_at(services, generation, "/plugins/" + generation->plugin_id(), limits),
          .alone = routes_at(services, generation, "", limits),
          .render_error = routes::plugin_error_renderer(generation),
          .cors_methods = routes::plugin_cors_methods(*generation),
          .title = generation->plugin_id(),
          .version = generation->stamp().version};
}

}  // namespace simhost::cli
