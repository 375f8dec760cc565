// Events of the host to the sockets that asked for their types: written once, shared.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <host/session/registry.hpp>
#include <host/telemetry/client.hpp>

namespace simhost::ws {

// "session.state", or all below a word: "session.*"; "*" is everything.
bool matches(std::string_view pattern, std::string_view type) noexcept;

// [any]
class EventHub {
 public:
  // Replaces the types of a client; none: it hears nothing any more.
  void listen(const telemetry::ClientPointer& client, std::vector<std::string> types);
  void leave(const telemetry::Client& client);
  void publish(const session::Event& event);

 private:
  struct Listener {
    telemetry::ClientPointer client;
    std::vector<std::string> types;
  };
  std::mutex mutex_;
  std::unordered_map<const telemetry::Client*, Listener> listeners_;
};

}  // namespace simhost::ws
