// Long bodies over a socket: whole, in chunks, at the client's own pace, and cut where they cannot be finished.
#include <atomic>
#include <fstream>

#include <gtest/gtest.h>

#include <api/http/content.hpp>
#include <tests/support/folder.hpp>

#include "raw_client.hpp"
#include "served.hpp"

namespace simhost::net {
namespace {

using testing::End;
using testing::eventually;
using testing::RawClient;

constexpr std::size_t file_bytes = 5'000'003;
constexpr std::size_t piece_bytes = 0x20000;

class LongBody : public testing::Served {
 protected:
  LongBody() {
    for (std::size_t i = 0; file_.size() < file_bytes; ++i) file_ += std::to_string(i * 2654435761U) + "\n";
    file_.resize(file_bytes);
    folder_.write("file", file_);
    add(get("/file", [this](const http::Request& request, const http::Reply& reply) {
      reply(http::answer_file(request, {folder_.path() + "/file", "application/octet-stream"}));
    }));
    add(get("/made", [this](const http::Request&, const http::Reply& reply) {
      reply(http::answer_bytes([this](std::string& out, std::size_t wanted) { return make(out, wanted); }, "text/csv"));
    }));
  }

  static http::Route get(std::string path, http::Handler handler) {
    http::Route made;
    made.method = "GET";
    made.path = std::move(path);
    made.handler = std::move(handler);
    made.info.answers = {{200, "application/octet-stream"}, {200, "text/csv"}};
    return made;
  }

  Outcome make(std::string& out, std::size_t wanted) {
    const int piece = ++asked_;
    if (piece == fails_at_) return fail("disk_full", "this one cannot be made");
    if (piece <= pieces_) out.assign(wanted, static_cast<char>('a' + piece % 26));
    return {};
  }

  static std::string ask(std::string_view path, std::string_view headers = "", std::string_view version = "1.1") {
    return "GET " + std::string(path) + " HTTP/" + std::string(version) + "\r\nHost: localhost\r\n" +
           std::string(headers) + "\r\n";
  }

  support::Folder folder_;
  std::string file_;
  std::atomic<int> asked_{0};
  std::atomic<bool> let_go_{false};
  int pieces_ = 3, fails_at_ = 0;
};

TEST_F(LongBody, ArrivesWholeAndTheConnectionGoesOn) {
  serve();
  RawClient client(port_);
  for (int i = 0; i < 2; ++i) {
    const auto response = client.ask(ask("/file"));
    ASSERT_TRUE(response);
    EXPECT_TRUE(response->body == file_);
  }
  const auto part = client.ask(ask("/file", "Range: bytes=1000000-1000099\r\n"));
  ASSERT_TRUE(part);
  EXPECT_EQ(part->status, 206);
  EXPECT_EQ(part->body, file_.substr(1'000'000, 100));
  client.send("HEAD /file HTTP/1.1\r\nHost: localhost\r\n\r\n");
  const auto head = client.response(RawClient::Body::none);
  ASSERT_TRUE(head);
  EXPECT_EQ(head->header("Content-Length"), std::to_string(file_bytes));
  const auto beyond = client.ask(ask("/file", "Range: bytes=9000000-\r\n"));
  ASSERT_TRUE(beyond);
  EXPECT_EQ(beyond->status, 416);
  EXPECT_EQ(beyond->header("Content-Range"), "bytes */" + std::to_string(file_bytes));
}

TEST_F(LongBody, OfUnknownLengthGoesInChunks) {
  serve();
  RawClient client(port_);
  client.send(ask("/made") + ask("/hello"));
  const auto head = client.response();
  ASSERT_TRUE(head);
  EXPECT_EQ(head->header("Transfer-Encoding"), "chunked");
  EXPECT_EQ(head->header("Content-Length"), "");
  for (const char letter : {'b', 'c', 'd'}) {
    EXPECT_EQ(client.bytes(7), "20000\r\n");
    EXPECT_EQ(client.bytes(piece_bytes), std::string(piece_bytes, letter));
    EXPECT_EQ(client.bytes(2), "\r\n");
  }
  EXPECT_EQ(client.bytes(5), "0\r\n\r\n");
  EXPECT_EQ(client.response()->body, "{\"hello\":true}");
}

TEST_F(LongBody, EndsWithTheConnectionForAnOldClient) {
  serve();
  RawClient client(port_);
  client.send(ask("/made", "Connection: keep-alive\r\n", "1.0"));
  const auto head = client.response();
  ASSERT_TRUE(head);
  EXPECT_EQ(head->header("Transfer-Encoding"), "");
  EXPECT_EQ(head->header("Connection"), "close");
  EXPECT_EQ(client.bytes(4 * piece_bytes).size(), 3 * piece_bytes);
  EXPECT_EQ(client.ending(), End::closed);
}

TEST_F(LongBody, ThatCannotBeBegunIsAnError) {
  fails_at_ = 1;
  serve();
  RawClient client(port_);
  const auto response = client.ask(ask("/made"));
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 507);
  EXPECT_NE(response->body.find("this one cannot be made"), std::string::npos);
  EXPECT_EQ(client.ask(ask("/hello"))->status, 200);
}

TEST_F(LongBody, ThatCannotBeFinishedIsCut) {
  fails_at_ = 2;
  serve();
  RawClient client(port_);
  client.send(ask("/made"));
  ASSERT_TRUE(client.response());
  EXPECT_EQ(client.bytes(10 * piece_bytes).size(), piece_bytes + 9);
  EXPECT_NE(client.ending(), End::open);
}

TEST_F(LongBody, IsMadeAtThePaceOfItsReader) {
  pieces_ = 1'000'000;
  serve();
  RawClient client(port_, 4096);
  client.send(ask("/made"));
  ASSERT_TRUE(eventually([&] { return asked_ > 2; }));
  int before = -1;  // until the buffers of the sockets are full
  EXPECT_TRUE(eventually([&] { return std::exchange(before, asked_.load()) == asked_; }));
  const int held = asked_;
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  EXPECT_EQ(asked_, held);
  EXPECT_LT(held, 200);
  RawClient other(port_);
  EXPECT_EQ(other.ask(ask("/hello"))->status, 200);
  stop();
}

TEST_F(LongBody, IsLetGoWhenItsReaderLeaves) {
  pieces_ = 1'000'000;
  add(get("/held", [this](const http::Request&, const http::Reply& reply) {
    const std::shared_ptr<void> held(nullptr, [this](void*) { let_go_ = true; });
    reply(http::answer_bytes([held, this](std::string& out, std::size_t wanted) { return make(out, wanted); },
                             "text/csv"));
  }));
  serve();
  {
    RawClient client(port_, 4096);
    client.send(ask("/held"));
    ASSERT_TRUE(eventually([&] { return asked_ > 0; }));
  }
  EXPECT_TRUE(eventually([&] { return server_->stats().connections == 0; }));
  EXPECT_TRUE(eventually([&] { return let_go_.load(); }));
}

}  // namespace
}  // namespace simhost::net
