// A plugin's WebSocket endpoints: sockets that are opened and answered on a worker, and fed by the pump.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <api/http/route.hpp>
#include <host/services/services.hpp>

namespace simhost::routes {

// mount as of plugin_routes; limits: of messages, where the stream does not set a lower one. Sockets stay on their
// endpoint through reloads, whatever becomes of these routes.
std::vector<http::Route> plugin_stream_routes(services::Services& services,
                                              const std::shared_ptr<plugin::Generation>& generation,
                                              const std::string& mount, http::MessageLimits limits);

}  // namespace simhost::routes
