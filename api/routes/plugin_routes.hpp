// A plugin's REST routes: its C table as rows of a router, each request validated and run on a worker of its plugin.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <api/http/problem.hpp>
#include <api/http/route.hpp>
#include <host/services/services.hpp>

namespace simhost::routes {

// mount: "/plugins/<id>" on the main listener, "" on the plugin's own. The routes hold no generation: once it is gone
// they answer plugin_unavailable. services outlives them.
std::vector<http::Route> plugin_routes(services::Services& services,
                                       const std::shared_ptr<plugin::Generation>& generation, const std::string& mount);

// Errors in the shape of the plugin, for its own listener; leaves them to the listener where the plugin has no shape,
// fails to give one or is gone.
http::ErrorRenderer plugin_error_renderer(const std::shared_ptr<plugin::Generation>& generation);

// What its own listener lists on every preflight; empty: the methods of the path.
std::string plugin_cors_methods(const plugin::Generation& generation);

}  // namespace simhost::routes
