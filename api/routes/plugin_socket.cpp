// Between the socket's interface and the outbox of a stream client.
#include <api/routes/plugin_socket.hpp>

namespace simhost::routes {

namespace {

class Outlet final : public telemetry::Outlet {
 public:
  explicit Outlet(std::shared_ptr<net::Connection> connection) : connection_(std::move(connection)) {}
  void wake() noexcept override { connection_->wake(); }

 private:
  std::shared_ptr<net::Connection> connection_;
};

}  // namespace

PluginSocket::~PluginSocket() { leave(); }

void PluginSocket::opened(std::shared_ptr<net::Connection> connection) {
  conversation_->seat().client->attach(std::make_shared<Outlet>(std::move(connection)));
}

void PluginSocket::received(net::FrameKind kind, std::string_view message) {
  const bool text = kind == net::FrameKind::text;
  conversation_->hear(text ? telemetry::MessageKind::text : telemetry::MessageKind::binary, message);
}

bool PluginSocket::next(net::OutMessage& out) {
  telemetry::Outgoing from;
  if (!conversation_->seat().client->outbox().next(from)) return false;
  out.kind = from.kind == telemetry::MessageKind::text ? net::FrameKind::text : net::FrameKind::binary;
  out.head = std::move(from.head);
  out.body = std::move(from.body);
  if (from.close) out.close = net::OutMessage::Close{from.close->code, std::move(from.close->reason)};
  return true;
}

void PluginSocket::closed(std::uint16_t) { leave(); }

void PluginSocket::leave() {
  if (conversation_ == nullptr) return;
  conversation_->end();
  conversation_->seat().client->attach(nullptr);
  services_.streams().leave(conversation_->seat());
  conversation_.reset();
}

}  // namespace simhost::routes
