// WebSockets against a client that breaks every rule on purpose.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <deque>
#include <memory>
#include <mutex>
#include <ostream>
#include <thread>

#include "served.hpp"
#include "ws_client.hpp"

namespace simhost::net {
namespace {

using std::chrono::milliseconds;
using namespace testing;  // NOLINT: the test's own vocabulary

// What the applications of one test did, seen from its thread.
struct Seen {
  std::atomic<int> opened{0};
  std::atomic<int> closed{0};
  std::atomic<int> close_code{0};
  std::mutex mutex;
  std::shared_ptr<Connection> connection;
  std::deque<OutMessage> waiting;

  void push(OutMessage message) {
    const std::lock_guard lock(mutex);
    waiting.push_back(std::move(message));
  }
  std::shared_ptr<Connection> held() {
    const std::lock_guard lock(mutex);
    return connection;
  }
};

// Sends what the test pushes; echoes what comes in.
class Echo final : public Application {
 public:
  explicit Echo(std::shared_ptr<Seen> seen) : seen_(std::move(seen)) {}
  void opened(std::shared_ptr<Connection> connection) override {
    const std::lock_guard lock(seen_->mutex);
    seen_->connection = std::move(connection);
    ++seen_->opened;
  }
  void received(FrameKind kind, std::string_view message) override {
    seen_->push({kind, "<", std::make_shared<const std::string>(std::string(message) + ">"), {}});
  }
  bool next(OutMessage& out) override {
    const std::lock_guard lock(seen_->mutex);
    if (seen_->waiting.empty()) return false;
    out = std::move(seen_->waiting.front());
    seen_->waiting.pop_front();
    return true;
  }
  void closed(std::uint16_t code) override {
    seen_->close_code = code;
    ++seen_->closed;
  }

 private:
  std::shared_ptr<Seen> seen_;
};

class WebSocket : public Served {
 protected:
  void SetUp() override {
    http::Route route;
    route.method = "GET";
    route.path = "/ws/{id}";
    route.upgrade = [this](const http::Request& request, const http::UpgradeReply& reply) {
      if (*request.param("id") == "refused") return reply(http::answer_error(Error{"not_found", "no such session"}));
      http::Accepted accepted{std::make_unique<Echo>(seen_)};
      accepted.limits = {.message_bytes = 70000, .fragments = 4};
      if (http::offers_protocol(request, "simhost.v1")) accepted.subprotocol = "simhost.v1";
      if (*request.param("id") != "elsewhere") return reply(std::move(accepted));
      elsewhere_ = std::thread(
          [reply, shared = std::make_shared<http::Accepted>(std::move(accepted))] { reply(std::move(*shared)); });
    };
    add(std::move(route));
  }
  void TearDown() override {
    stop();
    if (elsewhere_.joinable()) elsewhere_.join();
    EXPECT_EQ(seen_->opened.load(), seen_->closed.load()) << "every opened() has its closed()";
  }

  // The code of an application that has heard of its end.
  int closed_with() {
    EXPECT_TRUE(eventually([&] { return seen_->closed.load() == 1; }));
    return seen_->close_code.load();
  }

  std::shared_ptr<Seen> seen_ = std::make_shared<Seen>();
  std::thread elsewhere_;
};

TEST_F(WebSocket, IsOpenedWithTheProtocolThatBothSpeak) {
  serve();
  WsClient client(port_, "/ws/1", "Sec-WebSocket-Protocol: other, simhost.v1\r\n");
  EXPECT_EQ(client.upgrade().status, 101);
  EXPECT_EQ(client.upgrade().header("Sec-WebSocket-Accept"), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
  EXPECT_EQ(client.upgrade().header("Sec-WebSocket-Protocol"), "simhost.v1");
  EXPECT_EQ(client.upgrade().header("Server"), "simhost");
  EXPECT_NE(client.upgrade().header("X-Request-Id"), "");
  WsClient plain(port_, "/ws/1");
  EXPECT_EQ(plain.upgrade().header("Sec-WebSocket-Protocol"), "");
}

TEST_F(WebSocket, IsNeverCompressed) {
  serve();
  WsClient client(port_, "/ws/1", "Sec-WebSocket-Extensions: permessage-deflate\r\n");
  EXPECT_EQ(client.upgrade().status, 101);
  EXPECT_EQ(client.upgrade().header("Sec-WebSocket-Extensions"), "");
}

TEST_F(WebSocket, IsRefusedWithAnAnswerOfHttp) {
  serve();
  WsClient refused(port_, "/ws/refused");
  EXPECT_EQ(refused.upgrade().status, 404);
  EXPECT_EQ(refused.upgrade().header("Content-Type"), "application/problem+json");
  EXPECT_EQ(WsClient(port_, "/ws/1", "Origin: http://evil.example\r\n").upgrade().status, 403);
  EXPECT_EQ(WsClient(port_, "/nowhere").upgrade().status, 404);
  EXPECT_EQ(seen_->opened.load(), 0);
}

TEST_F(WebSocket, IsOpenedFromAnotherThread) {
  serve();
  WsClient client(port_, "/ws/elsewhere");
  EXPECT_EQ(client.upgrade().status, 101);
  client.send(text_frame, "a");
  EXPECT_EQ(client.frame()->payload, "<a>");
}

TEST_F(WebSocket, JoinsHeadAndBodyIntoOneFrame) {
  serve();
  WsClient client(port_, "/ws/1");
  client.send(text_frame, "abc");
  const auto echoed = client.frame();
  ASSERT_TRUE(echoed);
  EXPECT_EQ(echoed->payload, "<abc>");
  EXPECT_EQ(echoed->opcode, text_frame);
  const std::string large(60000, 'x');
  client.send(binary_frame, large);
  const auto second = client.frame();
  ASSERT_TRUE(second);
  EXPECT_TRUE(second->final);
  EXPECT_EQ(second->opcode, binary_frame);
  EXPECT_EQ(second->payload, "<" + large + ">");
}

TEST_F(WebSocket, ReadsFramesThatCameWithTheHandshake) {
  serve();
  WsClient client(port_, "/ws/1", "", client_frame(text_frame, "early") + client_frame(text_frame, "bird"));
  EXPECT_EQ(client.frame()->payload, "<early>");
  EXPECT_EQ(client.frame()->payload, "<bird>");
}

TEST_F(WebSocket, AnswersPingsAndKeepsMessagesWhole) {
  serve();
  WsClient client(port_, "/ws/1");
  client.send(text_frame, "a", false);
  client.send(ping_frame, "there?");
  EXPECT_EQ(client.frame()->payload, "there?");
  client.send(continuation, "b");
  EXPECT_EQ(client.frame()->payload, "<ab>");
}

TEST_F(WebSocket, IsPulledWhenAnotherThreadWakesIt) {
  serve();
  WsClient client(port_, "/ws/1");
  ASSERT_TRUE(eventually([&] { return seen_->held() != nullptr; }));
  for (int i = 0; i < 100; ++i) {
    seen_->push({FrameKind::text, std::to_string(i), nullptr, {}});
    seen_->held()->wake();
    seen_->held()->wake();
  }
  for (int i = 0; i < 100; ++i) EXPECT_EQ(client.frame()->payload, std::to_string(i));
  const std::vector<std::shared_ptr<Connection>> all(3, seen_->held());
  seen_->push({FrameKind::text, "all", nullptr, {}});
  server_->wake(all);
  EXPECT_EQ(client.frame()->payload, "all");
}

TEST_F(WebSocket, IsClosedByItsApplicationAfterTheLastMessage) {
  serve();
  WsClient client(port_, "/ws/1");
  ASSERT_TRUE(eventually([&] { return seen_->held() != nullptr; }));
  seen_->push({FrameKind::text, "bye", nullptr, OutMessage::Close{1013, "too slow"}});
  seen_->push({FrameKind::text, "never", nullptr, {}});
  seen_->held()->wake();
  EXPECT_EQ(client.frame()->payload, "bye");
  const auto close = client.frame();
  ASSERT_TRUE(close);
  EXPECT_EQ(close->close_code(), 1013);
  EXPECT_EQ(close->payload.substr(2), "too slow");
  client.send(close_frame, close->payload);
  EXPECT_EQ(client.ending(), End::closed);
  EXPECT_EQ(closed_with(), 1013);
  seen_->held()->wake();
}

TEST_F(WebSocket, TellsItsApplicationHowTheClientLeft) {
  serve();
  {
    WsClient client(port_, "/ws/1");
    client.send(close_frame, "\x0f\xa0");
    EXPECT_EQ(client.close_code(), 4000);
    EXPECT_EQ(client.ending(), End::closed);
  }
  EXPECT_EQ(closed_with(), 4000);
}

TEST_F(WebSocket, Says1006WhenTheClientJustGoes) {
  serve();
  { WsClient client(port_, "/ws/1"); }
  EXPECT_EQ(closed_with(), 1006);
  EXPECT_TRUE(eventually([&] { return server_->stats().websockets == 0; }));
}

struct Breach {
  const char* name;
  std::string sent;
  int code;
};

void PrintTo(const Breach& breach, std::ostream* out) { *out << breach.name; }

class Breaches : public WebSocket, public ::testing::WithParamInterface<Breach> {};

TEST_P(Breaches, CloseWithTheirCode) {
  serve();
  WsClient client(port_, "/ws/1");
  client.send_raw(GetParam().sent);
  EXPECT_EQ(client.close_code(), GetParam().code);
  client.send(close_frame, "");
  EXPECT_NE(client.ending(), End::open);
  EXPECT_EQ(closed_with(), GetParam().code);
}

std::string repeated(std::string_view piece, int count) {
  std::string out;
  for (int i = 0; i < count; ++i) out += piece;
  return out;
}

INSTANTIATE_TEST_SUITE_P(
    Table, Breaches,
    ::testing::Values(
        Breach{"MessageTooLong", client_frame(text_frame, std::string(70001, 'a')), 1009},
        Breach{"MessageTooLongInFragments",
               client_frame(text_frame, std::string(60000, 'a'), false) +
                   client_frame(continuation, std::string(20000, 'a')),
               1009},
        Breach{"BadUtf8", client_frame(text_frame, "\xc3\x28"), 1007},
        Breach{"CutUtf8", client_frame(text_frame, "\xc3"), 1007},
        Breach{"Unmasked",
               std::string("\x81\x01"
                           "a",
                           3),
               1002},
        Breach{"ReservedBits", "\xc1" + client_frame(text_frame, "a").substr(1), 1002},
        Breach{"ReservedOpcode", client_frame(3, "a"), 1002},
        Breach{"ContinuationOfNothing", client_frame(continuation, "a"), 1002},
        Breach{"LongPing", client_frame(ping_frame, std::string(126, 'a')), 1002},
        Breach{"FragmentedPing", client_frame(ping_frame, "a", false), 1002},
        Breach{"BadCloseCode", client_frame(close_frame, "\x03\xed"), 1002},
        Breach{"TooManyFragments",
               client_frame(text_frame, "a", false) + repeated(client_frame(continuation, "a", false), 4), 1008},
        Breach{"EmptyFragmentsWithoutEnd",
               client_frame(text_frame, "", false) + repeated(client_frame(continuation, "", false), 1000), 1008},
        Breach{"PingFlood", repeated(client_frame(ping_frame, ""), 100), 1008},
        Breach{"PongFlood", repeated(client_frame(pong_frame, ""), 100), 1008}),
    [](const ::testing::TestParamInfo<Breach>& row) { return std::string(row.param.name); });

TEST_F(WebSocket, TakesAsManyFragmentsAndPingsAsAllowed) {
  serve();
  WsClient client(port_, "/ws/1");
  client.send_raw(client_frame(text_frame, "a", false) + repeated(client_frame(continuation, "b", false), 2) +
                  client_frame(continuation, "c"));
  EXPECT_EQ(client.frame()->payload, "<abbc>");
  client.send_raw(repeated(client_frame(ping_frame, "x"), 32));
  for (int i = 0; i < 32; ++i) EXPECT_EQ(client.frame()->opcode, pong_frame);
}

TEST_F(WebSocket, IsPingedAndDroppedWhenItNeverAnswers) {
  Settings settings;
  settings.sweep_period = milliseconds(10);
  settings.ping_period = milliseconds(60);
  serve(settings);
  WsClient client(port_, "/ws/1");
  EXPECT_EQ(client.frame()->opcode, ping_frame);
  EXPECT_EQ(client.frame()->opcode, ping_frame);
  EXPECT_NE(client.ending(), End::open);
  EXPECT_EQ(closed_with(), 1006);
}

TEST_F(WebSocket, StaysAsLongAsItAnswersPings) {
  Settings settings;
  settings.sweep_period = milliseconds(10);
  settings.ping_period = milliseconds(50);
  serve(settings);
  WsClient client(port_, "/ws/1");
  for (int i = 0; i < 6; ++i) {
    ASSERT_EQ(client.frame()->opcode, ping_frame);
    client.send(pong_frame, "");
  }
  EXPECT_EQ(seen_->closed.load(), 0);
}

TEST_F(WebSocket, IsDroppedWhenItDoesNotRead) {
  Settings settings;
  settings.sweep_period = milliseconds(10);
  settings.write_stall = milliseconds(150);
  serve(settings);
  WsClient client(port_, "/ws/1", "", "", 4096);
  ASSERT_TRUE(eventually([&] { return seen_->held() != nullptr; }));
  const auto body = std::make_shared<const std::string>(std::size_t{1} << 20U, 'x');
  for (int i = 0; i < 32; ++i) seen_->push({FrameKind::binary, {}, body, {}});
  seen_->held()->wake();
  EXPECT_EQ(closed_with(), 1006);
  // The kernel holds little of what was not read: 32 MiB were there to be sent.
  EXPECT_LT(server_->stats().bytes_out, 8U << 20U);
}

TEST_F(WebSocket, IsTold1001WhenTheServerDrains) {
  Settings settings;
  settings.linger = milliseconds(200);
  serve(settings);
  WsClient client(port_, "/ws/1");
  ASSERT_TRUE(eventually([&] { return seen_->opened.load() == 1; }));
  std::thread draining([&] { EXPECT_EQ(server_->drain(1001, std::chrono::seconds(3)), Drained::clean); });
  const auto close = client.frame();
  ASSERT_TRUE(close);
  EXPECT_EQ(close->close_code(), 1001);
  client.send(close_frame, close->payload);
  draining.join();
  EXPECT_EQ(closed_with(), 1001);
}

TEST_F(WebSocket, IsCutWhenItIgnoresTheCloseOfADrain) {
  Settings settings;
  settings.linger = milliseconds(100);
  settings.sweep_period = milliseconds(10);
  serve(settings);
  WsClient client(port_, "/ws/1");
  ASSERT_TRUE(eventually([&] { return seen_->opened.load() == 1; }));
  EXPECT_EQ(server_->drain(1001, std::chrono::seconds(3)), Drained::clean);
  EXPECT_EQ(closed_with(), 1001);
}

TEST_F(WebSocket, HasItsOwnLimitOfConnections) {
  Settings settings;
  settings.connections = 2;
  settings.websockets = 3;
  serve(settings);
  std::vector<std::unique_ptr<WsClient>> inside;
  for (int i = 0; i < 3; ++i) {
    inside.push_back(std::make_unique<WsClient>(port_, "/ws/1"));
    EXPECT_EQ(inside.back()->upgrade().status, 101);
  }
  EXPECT_EQ(server_->stats().websockets, 3U);
  EXPECT_EQ(server_->stats().connections, 0U);
  EXPECT_EQ(WsClient(port_, "/ws/1").upgrade().status, 503);
}

}  // namespace
}  // namespace simhost::net
