// Slow, silent, greedy and too many clients; and no descriptors left.
#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <chrono>
#include <memory>
#include <thread>
#include <vector>

#include "raw_client.hpp"
#include "served.hpp"

namespace simhost::net {
namespace {

using std::chrono::milliseconds;
using testing::End;
using testing::eventually;
using testing::RawClient;

const std::string hello = "GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n";

Settings quick() {
  Settings settings;
  settings.sweep_period = milliseconds(10);
  settings.header_timeout = milliseconds(150);
  settings.idle_timeout = milliseconds(400);
  settings.body_grace = milliseconds(150);
  settings.write_stall = milliseconds(200);
  settings.linger = milliseconds(150);
  return settings;
}

class Limits : public testing::Served {};

TEST_F(Limits, ClosesASilentNewConnection) {
  serve(quick());
  RawClient client(port_);
  EXPECT_EQ(client.ending(), End::closed);
  EXPECT_EQ(client.bytes(1), "");
}

TEST_F(Limits, Gives408ToHeadersThatTrickle) {
  serve(quick());
  RawClient client(port_);
  for (const char c : hello.substr(0, hello.size() - 2)) {
    if (!client.send(std::string(1, c))) break;
    std::this_thread::sleep_for(milliseconds(10));
  }
  const auto response = client.response();
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 408);
  EXPECT_EQ(client.ending(), End::closed);
}

TEST_F(Limits, LetsAConnectionRestBetweenRequestsButNotForEver) {
  serve(quick());
  RawClient client(port_);
  ASSERT_TRUE(client.ask(hello));
  std::this_thread::sleep_for(milliseconds(250));
  ASSERT_TRUE(client.ask(hello));
  EXPECT_EQ(client.ending(), End::closed);
}

TEST_F(Limits, Gives408ToABodyThatTrickles) {
  serve(quick());
  RawClient client(port_);
  client.send("POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\nContent-Length: 5000\r\n\r\n");
  for (int i = 0; i < 60 && client.send("a"); ++i) std::this_thread::sleep_for(milliseconds(5));
  const auto response = client.response();
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 408);
}

TEST_F(Limits, TakesABodyThatIsSlowButAboveTheRate) {
  Settings settings = quick();
  settings.body_rate_bytes_per_s = 1000;
  serve(settings);
  RawClient client(port_);
  client.send("POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\nContent-Length: 5000\r\n\r\n");
  for (int i = 0; i < 10 && client.send(std::string(500, 'a')); ++i) std::this_thread::sleep_for(milliseconds(40));
  const auto response = client.response();
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 200);
}

TEST_F(Limits, DropsAClientThatDoesNotReadItsAnswer) {
  serve(quick());
  RawClient client(port_, 4096);
  client.send("GET /big?bytes=30000000 HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_TRUE(eventually([&] { return server_->stats().connections == 1; }));
  EXPECT_TRUE(eventually([&] { return server_->stats().connections == 0; }));
  EXPECT_LT(server_->stats().bytes_out, 30000000U);
}

TEST_F(Limits, ServesASlowReaderThatKeepsReading) {
  serve(quick());
  RawClient client(port_, 4096);
  client.send("GET /big?bytes=8000000 HTTP/1.1\r\nHost: localhost\r\n\r\n");
  std::this_thread::sleep_for(milliseconds(50));
  const auto response = client.response();
  ASSERT_TRUE(response);
  EXPECT_EQ(response->body.size(), 8000000U);
}

TEST_F(Limits, Tells503BeyondTheNumberOfConnections) {
  Settings settings;
  settings.connections = 3;
  settings.linger = milliseconds(100);
  serve(settings);
  std::vector<std::unique_ptr<RawClient>> inside;
  for (int i = 0; i < 3; ++i) {
    inside.push_back(std::make_unique<RawClient>(port_));
    EXPECT_EQ(inside.back()->ask(hello)->status, 200);
  }
  RawClient outside(port_);
  const auto refused = outside.ask(hello);
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->status, 503);
  EXPECT_EQ(refused->header("Retry-After"), "1");
  EXPECT_EQ(outside.ending(), End::closed);
  EXPECT_EQ(server_->stats().refused, 1U);
  inside.pop_back();
  EXPECT_TRUE(eventually([&] { return server_->stats().connections == 2; }));
  EXPECT_EQ(RawClient(port_).ask(hello)->status, 200);
}

// Takes every descriptor but a few, as a storm of clients would, and gives them back at the end.
class DescriptorFamine {
 public:
  DescriptorFamine() {
    getrlimit(RLIMIT_NOFILE, &before_);
    rlimit low = before_;
    low.rlim_cur = 256;
    setrlimit(RLIMIT_NOFILE, &low);
    for (int taken = open("/dev/null", O_RDONLY); taken >= 0; taken = open("/dev/null", O_RDONLY))
      taken_.push_back(taken);
  }
  ~DescriptorFamine() {
    relieve();
    setrlimit(RLIMIT_NOFILE, &before_);
  }
  void give(std::size_t count) {
    for (; count > 0 && !taken_.empty(); --count) {
      close(taken_.back());
      taken_.pop_back();
    }
  }
  void relieve() { give(taken_.size()); }

 private:
  rlimit before_{};
  std::vector<int> taken_;
};

TEST_F(Limits, WaitsWhenDescriptorsRunOutAndComesBack) {
  Settings settings;
  settings.accept_backoff = milliseconds(50);
  serve(settings);
  DescriptorFamine famine;
  famine.give(1);
  RawClient client(port_);  // takes the last descriptor; none is left to accept it with
  ASSERT_TRUE(eventually([&] { return server_->stats().accept_errors > 0; }));
  std::this_thread::sleep_for(milliseconds(300));
  EXPECT_LE(server_->stats().accept_errors, 12U);
  famine.relieve();
  const auto response = client.ask(hello);
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 200);
}

TEST_F(Limits, IsNotBlockedByManySlowClients) {
  serve();
  std::vector<std::unique_ptr<RawClient>> slow;
  for (int i = 0; i < 200; ++i) {
    slow.push_back(std::make_unique<RawClient>(port_));
    slow.back()->send("GET /hello HT");
  }
  RawClient client(port_);
  for (int i = 0; i < 50; ++i) ASSERT_EQ(client.ask(hello)->status, 200);
}

}  // namespace
}  // namespace simhost::net
