// The upgrade, and the application that stands between a socket and its conversation.
#include <api/ws/stream_route.hpp>

#include <utility>

#include <api/ws/conversation.hpp>

namespace simhost::ws {

namespace {

class SocketOutlet final : public telemetry::Outlet {
 public:
  explicit SocketOutlet(std::shared_ptr<net::Connection> connection) : connection_(std::move(connection)) {}
  void wake() noexcept override { connection_->wake(); }
  [[nodiscard]] const std::shared_ptr<net::Connection>& connection() const noexcept { return connection_; }

 private:
  std::shared_ptr<net::Connection> connection_;
};

class StreamSocket final : public net::Application {
 public:
  explicit StreamSocket(std::shared_ptr<Conversation> conversation) : conversation_(std::move(conversation)) {}
  ~StreamSocket() override { leave(); }

  void opened(std::shared_ptr<net::Connection> connection) override {
    conversation_->client()->attach(std::make_shared<SocketOutlet>(std::move(connection)));
  }

  void received(net::FrameKind kind, std::string_view message) override {
    const bool text = kind == net::FrameKind::text;
    conversation_->hear(text ? telemetry::MessageKind::text : telemetry::MessageKind::binary, message);
  }

  bool next(net::OutMessage& out) override {
    telemetry::Outgoing from;
    if (!conversation_->client()->outbox().next(from)) return false;
    out.kind = from.kind == telemetry::MessageKind::text ? net::FrameKind::text : net::FrameKind::binary;
    out.head = std::move(from.head);
    out.body = std::move(from.body);
    out.close.reset();
    if (from.close) out.close = net::OutMessage::Close{from.close->code, std::move(from.close->reason)};
    return true;
  }

  void closed(std::uint16_t) override { leave(); }

 private:
  // The connection and the client hold one another until then.
  void leave() {
    if (conversation_ == nullptr) return;
    conversation_->client()->attach(nullptr);
    std::exchange(conversation_, nullptr)->end();
  }

  std::shared_ptr<Conversation> conversation_;
};

http::RouteInfo describe() {
  http::RouteInfo info;
  info.id = "stream";
  info.summary = "Values, events, writes and commands over one WebSocket, see asyncapi.json";
  info.tag = "stream";
  return info;
}

}  // namespace

http::Route stream_route(session::Registry& registry, telemetry::Pump& pump, http::MessageLimits limits,
                         std::function<Outcome()> can_change) {
  auto events = std::make_shared<EventHub>();
  registry.on_event([events](const session::Event& event) { events->publish(event); });
  auto room = std::make_shared<const Room>(Room{registry, pump, events, std::move(can_change)});
  http::Route route{"GET", std::string(stream_path), describe(), {}, {}};
  route.upgrade = [room, limits](const http::Request& request, const http::UpgradeReply& reply) {
    http::Accepted accepted;
    accepted.limits = limits;
    accepted.application = std::make_unique<StreamSocket>(std::make_shared<Conversation>(room, request.request_id));
    if (http::offers_protocol(request, subprotocol)) accepted.subprotocol = subprotocol;
    reply(std::move(accepted));
  };
  return route;
}

telemetry::Wakes::Hook wake_hook(WakeAll wake) {
  return [wake = std::move(wake)](std::span<const telemetry::OutletPointer> outlets) {
    std::vector<std::shared_ptr<net::Connection>> connections;
    connections.reserve(outlets.size());
    for (const auto& outlet : outlets) {
      if (const auto* socket = dynamic_cast<const SocketOutlet*>(outlet.get()))
        connections.push_back(socket->connection());
      else
        outlet->wake();
    }
    wake(std::move(connections));
  };
}

}  // namespace simhost::ws
