// The routes, streams and settings a plugin declares, copied with their arrays gated to this host's sizes.
#pragma once

#include <vector>

#include <sim/ext/config.h>
#include <sim/ext/routes.h>
#include <sim/ext/streams.h>
#include <host/base/error.hpp>
#include <host/plugin/library.hpp>

namespace simhost::plugin {

// Text and functions are the plugin's: valid as long as the generation is held.
struct RouteTable {
  std::vector<sim_route> routes;                 // answers points into the next
  std::vector<std::vector<sim_answer>> answers;  // per route
  const char* cors_methods = nullptr;
  decltype(sim_routes::render_error) render_error = nullptr;
};

// Error plugin_bad_descriptor with every fault: a route without method, path or handler, a path that does not start
// with /, two equal routes, a stream without encode, ...
Result<std::vector<sim_setting>> read_settings(const Library& library);
Result<RouteTable> read_routes(const Library& library);
Result<std::vector<sim_stream>> read_streams(const Library& library);

}  // namespace simhost::plugin
