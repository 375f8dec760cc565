// A server made of the rooms http and net alone: echoes WebSocket messages at / and answers GET /json, for the
// Autobahn cases and for wrk. Prints its port, ends when its standard input does.
#include <unistd.h>

#include <cstdio>
#include <deque>
#include <memory>
#include <string>
#include <utility>

#include <api/http/pipeline.hpp>
#include <api/net/server.hpp>

namespace {

using namespace simhost;

constexpr std::size_t autobahn_message_bytes = 64 << 20;  // case 9.1.6 sends 16 MiB
constexpr std::size_t autobahn_fragments = 1 << 20;       // case 9.3.1 sends 64 KiB pieces, 9.4.1 single bytes

class Echo final : public net::Application {
 public:
  void opened(std::shared_ptr<net::Connection> connection) override { connection_ = std::move(connection); }
  void received(net::FrameKind kind, std::string_view message) override {
    waiting_.push_back({kind, {}, std::make_shared<const std::string>(message), {}});
    connection_->wake();
  }
  bool next(net::OutMessage& out) override {
    if (waiting_.empty()) return false;
    out = std::move(waiting_.front());
    waiting_.pop_front();
    return true;
  }
  void closed(std::uint16_t /*code*/) override { connection_.reset(); }

 private:
  std::shared_ptr<net::Connection> connection_;
  std::deque<net::OutMessage> waiting_;
};

http::Route echo_route() {
  http::Route route;
  route.method = "GET";
  route.path = "/";
  route.upgrade = [](const http::Request&, const http::UpgradeReply& reply) {
    reply(http::Accepted{std::make_unique<Echo>(), {}, {autobahn_message_bytes, autobahn_fragments}});
  };
  return route;
}

http::Route json_route() {
  http::Route route;
  route.method = "GET";
  route.path = "/json";
  route.handler = [](const http::Request&, const http::Reply& reply) {
    reply(http::answer(200, Value::object({{"speed_rpm", 1999.8}, {"state", "running"}, {"tick", 1220}})));
  };
  return route;
}

}  // namespace

int main() {
  auto router = std::make_shared<http::Router>();
  if (!router->put("echo", {echo_route(), json_route()})) return 1;
  net::Server server;
  const auto port = server.listen("main", "127.0.0.1", 0, std::make_shared<http::Pipeline>(http::Policy{}, router));
  if (!port) {
    std::fprintf(stderr, "%s\n", port.error().detail.c_str());
    return 1;
  }
  server.start();
  std::printf("%d\n", int{*port});
  std::fflush(stdout);
  char byte = 0;
  while (read(STDIN_FILENO, &byte, 1) > 0) {
  }
  return server.drain(1001, std::chrono::seconds(3)) == net::Drained::clean ? 0 : 1;
}
