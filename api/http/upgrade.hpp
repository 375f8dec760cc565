// The answer to a WebSocket upgrade: a refusal, or the application that takes the socket over.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

#include <api/http/message.hpp>
#include <api/net/websocket.hpp>
#include <host/base/limits.hpp>

namespace simhost::http {

// Of what clients send over a socket.
struct MessageLimits {
  std::size_t message_bytes = limits::ws_message_bytes;
  std::size_t fragments = limits::ws_fragments;  // of one message
};

struct Accepted {
  std::unique_ptr<net::Application> application;
  std::string subprotocol{};  // one of those the client offered, or empty
  MessageLimits limits{};
};

using Upgrade = std::variant<Response, Accepted>;
using UpgradeReply = std::function<void(Upgrade)>;  // as Reply: exactly once, from any thread
using UpgradeHandler = std::function<void(const Request&, UpgradeReply)>;

[[nodiscard]] bool offers_protocol(const Request& request, std::string_view protocol);
[[nodiscard]] bool asks_for_websocket(const Request& request);

}  // namespace simhost::http
