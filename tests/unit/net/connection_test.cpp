// Answers at their own time, from any thread, to clients that stay or go; and the end of the server.
#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "raw_client.hpp"
#include "served.hpp"

namespace simhost::net {
namespace {

using std::chrono::milliseconds;
using testing::End;
using testing::eventually;
using testing::RawClient;
using testing::RawResponse;

const std::string hello = "GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n";
const std::string later = "GET /later HTTP/1.1\r\nHost: localhost\r\n\r\n";

std::string post(std::string_view path, std::string_view body, std::string_view headers = "") {
  return "POST " + std::string(path) +
         " HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\n" + std::string(headers) + "\r\n" + std::string(body);
}

class HttpConnection : public testing::Served {};

TEST_F(HttpConnection, KeepsOneRequestAtATimeInOrder) {
  serve();
  RawClient client(port_);
  client.send(later + hello + later);
  auto first = next_pending();
  EXPECT_EQ(server_->stats().responses.size(), 0U);
  first.reply(http::answer(200, "first"));
  EXPECT_EQ(client.response()->body, "\"first\"");
  EXPECT_EQ(client.response()->body, "{\"hello\":true}");
  next_pending().reply(http::answer(200, "third"));
  EXPECT_EQ(client.response()->body, "\"third\"");
}

TEST_F(HttpConnection, TakesAnAnswerFromAnotherThread) {
  serve();
  RawClient client(port_);
  client.send(later);
  auto pending = next_pending();
  std::thread other([&] { pending.reply(http::answer(201, "from another thread")); });
  const auto response = client.response();
  other.join();
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 201);
}

TEST_F(HttpConnection, TakesOnlyTheFirstOfSeveralAnswers) {
  serve();
  RawClient client(port_);
  client.send(later);
  const auto pending = next_pending();
  for (const char* text : {"first", "second", "third"}) pending.reply(http::answer(200, text));
  EXPECT_EQ(client.response()->body, "\"first\"");
  EXPECT_EQ(client.ask(hello)->body, "{\"hello\":true}");
}

TEST_F(HttpConnection, AnswersForAHandlerThatDropsItsReply) {
  serve();
  RawClient client(port_);
  client.send(later);
  next_pending() = {};
  const auto response = client.response();
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 500);
}

TEST_F(HttpConnection, Gives503WhenTheDeadlinePassesAndCancels) {
  http::Policy policy;
  policy.deadline = milliseconds(100);
  serve({}, policy);
  RawClient client(port_);
  client.send(later);
  const auto pending = next_pending();
  const auto response = client.response();
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 503);
  EXPECT_EQ(response->header("Retry-After"), "1");
  EXPECT_EQ(pending.cancelled->load(), 1);
  pending.reply(http::answer(200, "too late"));
  EXPECT_EQ(client.ending(), End::closed);
  EXPECT_EQ(client.bytes(1), "");
}

TEST_F(HttpConnection, CancelsWhenTheClientGoes) {
  serve();
  auto client = std::make_unique<RawClient>(port_);
  client->send(later);
  const auto pending = next_pending();
  EXPECT_EQ(pending.cancelled->load(), 0);
  client.reset();
  EXPECT_TRUE(eventually([&] { return pending.cancelled->load() == 1; }));
  pending.reply(http::answer(200, "to nobody"));
  EXPECT_TRUE(eventually([&] { return server_->stats().connections == 0; }));
}

TEST_F(HttpConnection, StillAnswersAClientThatOnlyStoppedSending) {
  serve();
  RawClient client(port_);
  client.send(later);
  client.end_sending();
  const auto pending = next_pending();
  EXPECT_TRUE(eventually([&] { return pending.cancelled->load() == 1; }));
  pending.reply(http::answer(200, "still there"));
  EXPECT_EQ(client.response()->body, "\"still there\"");
  EXPECT_EQ(client.ending(), End::closed);
}

TEST_F(HttpConnection, AnswersHeadWithTheHeadersOfGet) {
  serve();
  RawClient client(port_);
  client.send("HEAD /hello HTTP/1.1\r\nHost: localhost\r\n\r\n");
  const auto head = client.response(RawClient::Body::none);
  ASSERT_TRUE(head);
  EXPECT_EQ(head->status, 200);
  EXPECT_EQ(head->header("Content-Length"), "14");
  EXPECT_EQ(client.ask(hello)->body, "{\"hello\":true}");
}

TEST_F(HttpConnection, InvitesABodyThatWaitsForIt) {
  serve();
  RawClient client(port_);
  const std::string whole = post("/echo", "abc", "Expect: 100-continue\r\n");
  client.send(std::string_view(whole).substr(0, whole.size() - 3));
  EXPECT_EQ(client.response(RawClient::Body::none)->status, 100);
  client.send("abc");
  const auto response = client.response();
  ASSERT_TRUE(response);
  EXPECT_EQ(response->body, "abc");
}

TEST_F(HttpConnection, CarriesLargeBodiesBothWays) {
  serve();
  RawClient client(port_);
  const std::string body(limits::http_route_body_bytes, 'x');
  std::thread sender([&] { client.send(post("/upload", body)); });
  const auto response = client.response();
  sender.join();
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 200);
  EXPECT_EQ(response->body.size(), body.size());
  EXPECT_EQ(client.ask(hello)->status, 200);
}

TEST_F(HttpConnection, HoldsEachRouteToItsOwnBodyLimit) {
  serve();
  for (const auto& [path, status] : {std::pair("/echo", 413), std::pair("/upload", 200)}) {
    RawClient client(port_);
    const std::string body(limits::http_body_bytes + 1, 'x');
    std::thread sender([&, path = path] { client.send(post(path, body)); });
    const auto response = client.response();
    sender.join();
    ASSERT_TRUE(response);
    EXPECT_EQ(response->status, status) << path;
  }
}

TEST_F(HttpConnection, CountsWhatItDoes) {
  serve();
  RawClient client(port_);
  client.ask(hello);
  client.ask(hello);
  client.ask("GET /nowhere HTTP/1.1\r\nHost: localhost\r\n\r\n");
  const Stats stats = server_->stats();
  EXPECT_EQ(stats.connections, 1U);
  EXPECT_EQ(stats.accepted, 1U);
  EXPECT_GT(stats.bytes_in, 2 * hello.size());
  EXPECT_GT(stats.bytes_out, 300U);
  EXPECT_EQ(stats.responses, (std::vector<std::pair<int, std::uint64_t>>{{200, 2}, {404, 1}}));
}

TEST_F(HttpConnection, ServesAnotherListenerAddedWhileItRuns) {
  serve();
  const auto port = server_->listen("second", "127.0.0.1", 0, pipeline_);
  ASSERT_TRUE(port);
  EXPECT_EQ(RawClient(*port).ask(hello)->status, 200);
  const auto taken = server_->listen("third", "127.0.0.1", *port, pipeline_);
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error().code, "in_use");
  EXPECT_FALSE(server_->listen("second", "127.0.0.1", 0, pipeline_));
  EXPECT_FALSE(server_->listen("fourth", "no such host", 0, pipeline_));
  server_->unlisten("second");
  EXPECT_TRUE(server_->listen("third", "127.0.0.1", *port, pipeline_));
}

TEST_F(HttpConnection, FinishesRequestsInWorkWhenItDrains) {
  Settings settings;
  settings.linger = milliseconds(100);
  serve(settings);
  RawClient idle(port_);
  ASSERT_TRUE(idle.ask(hello));
  RawClient busy(port_);
  busy.send(later);
  const auto pending = next_pending();
  std::thread draining([&] { EXPECT_EQ(server_->drain(1001, std::chrono::seconds(3)), Drained::clean); });
  EXPECT_EQ(idle.ending(), End::closed);
  pending.reply(http::answer(200, "finished"));
  const auto response = busy.response();
  ASSERT_TRUE(response);
  EXPECT_EQ(response->body, "\"finished\"");
  EXPECT_EQ(response->header("Connection"), "close");
  EXPECT_EQ(busy.ending(), End::closed);
  draining.join();
}

TEST_F(HttpConnection, CutsWhatDoesNotEndByTheDrainsDeadline) {
  serve();
  RawClient busy(port_);
  busy.send(later);
  const auto pending = next_pending();
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(server_->drain(1001, milliseconds(100)), Drained::cut);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(2));
  EXPECT_NE(busy.ending(), End::open);
  EXPECT_EQ(pending.cancelled->load(), 1);
}

TEST_F(HttpConnection, LeavesLateRepliesWithoutEffectAfterTheStop) {
  serve();
  auto client = std::make_unique<RawClient>(port_);
  client->send(later);
  auto pending = next_pending();
  server_->stop();
  server_.reset();
  pending.reply(http::answer(200, "far too late"));
  EXPECT_EQ(pending.cancelled->load(), 1);
}

TEST_F(HttpConnection, RunsTasksOnItsThreadUntilItStops) {
  serve();
  std::atomic<bool> ran{false};
  EXPECT_TRUE(server_->post([&] { ran.store(true); }));
  EXPECT_TRUE(eventually([&] { return ran.load(); }));
  server_->stop();
  EXPECT_FALSE(server_->post([] {}));
}

}  // namespace
}  // namespace simhost::net
