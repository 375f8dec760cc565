// The route of the generic stream, and what a program needs to join it to its sockets.
#pragma once

#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include <api/http/route.hpp>
#include <host/session/registry.hpp>
#include <host/telemetry/pump.hpp>

namespace simhost::ws {

inline constexpr std::string_view subprotocol = "simhost.v1";

// GET /v1/stream. Made before any session, since it listens to the registry's events; registry and pump outlive it.
// can_change: as http::Policy::can_commit, of what changes a session.
http::Route stream_route(session::Registry& registry, telemetry::Pump& pump, http::MessageLimits limits = {},
                         std::function<Outcome()> can_change = {});

// The stream as an AsyncAPI 3.0 document, made of the tables the host obeys.
Value asyncapi();

// The pump's way to wake sockets: all of a round in one call to wake.
using WakeAll = std::function<void(std::vector<std::shared_ptr<net::Connection>>)>;
telemetry::Wakes::Hook wake_hook(WakeAll wake);
// Server: has wake(vector of connections), and outlives the pump.
template <class Server>
telemetry::Wakes::Hook batch_wake(Server& server) {
  return wake_hook([&server](auto connections) { server.wake(std::move(connections)); });
}

}  // namespace simhost::ws
