// A socket of a plugin's stream: what comes in goes to its conversation, what waits in its outbox goes out.
#pragma once

#include <memory>

#include <api/net/websocket.hpp>
#include <host/services/conversation.hpp>

namespace simhost::routes {

class PluginSocket final : public net::Application {
 public:
  PluginSocket(services::Services& services, std::shared_ptr<services::Conversation> conversation)
      : services_(services), conversation_(std::move(conversation)) {}
  ~PluginSocket() override;  // also when the socket never opened

  void opened(std::shared_ptr<net::Connection> connection) override;
  void received(net::FrameKind kind, std::string_view message) override;
  bool next(net::OutMessage& out) override;
  void closed(std::uint16_t code) override;

 private:
  void leave();

  services::Services& services_;
  std::shared_ptr<services::Conversation> conversation_;
};

}  // namespace simhost::routes
