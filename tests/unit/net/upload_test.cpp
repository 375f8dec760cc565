// Bodies that go to files: whole, many at once, and gone with whoever sent them.
#include <atomic>
#include <csignal>
#include <fstream>
#include <future>
#include <iterator>

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <api/http/etag.hpp>
#include <tests/support/folder.hpp>

#include "raw_client.hpp"
#include "served.hpp"

namespace simhost::net {
namespace {

using testing::End;
using testing::eventually;
using testing::RawClient;

constexpr std::size_t file_bytes = 5'000'003;

class Upload : public testing::Served {
 protected:
  Upload() {
    for (std::size_t i = 0; file_.size() < file_bytes; ++i) file_ += std::to_string(i * 2654435761U) + "\n";
    file_.resize(file_bytes);
    http::Route route;
    route.method = "POST";
    route.path = "/take";
    route.info.takes_body = http::Body::required;
    route.info.consumes = {"application/octet-stream"};
    route.info.files = {folder_.path(), 8 << 20};
    route.handler = [this](const http::Request& request, const http::Reply& reply) {
      std::ifstream file(request.file->path(), std::ios::binary);
      const std::string bytes((std::istreambuf_iterator<char>(file)), {});
      same_ = same_ && bytes == file_ && request.file->bytes() == file_bytes && request.raw_body.empty();
      same_ = same_ && request.file->hash() == http::hash_of(file_);
      reply(http::answer(200, Value::object({{"bytes", std::uint64_t{bytes.size()}}})));
    };
    add(std::move(route));
  }

  static std::string head(std::string_view framing) {
    return "POST /take HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/octet-stream\r\n" +
           std::string(framing) + "\r\n\r\n";
  }
  std::string whole() const { return head("Content-Length: " + std::to_string(file_bytes)) + file_; }
  bool is_empty() const { return std::filesystem::is_empty(folder_.path()); }

  support::Folder folder_;
  std::string file_;
  std::atomic<bool> same_{true};
};

const std::string hello = "GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n";

TEST_F(Upload, ArrivesWholeAndTheConnectionGoesOn) {
  serve();
  RawClient client(port_);
  for (int i = 0; i < 2; ++i) {
    ASSERT_TRUE(client.send(whole() + hello));  // the next request right behind it
    EXPECT_EQ(client.response()->body, "{\"bytes\":5000003}");
    EXPECT_EQ(client.response()->body, "{\"hello\":true}");
  }
  EXPECT_TRUE(same_);
  EXPECT_TRUE(eventually([&] { return is_empty(); }));
}

TEST_F(Upload, ArrivesInChunksFromAClientThatStopsSending) {
  serve();
  RawClient client(port_);
  ASSERT_TRUE(client.send(head("Transfer-Encoding: chunked")));
  for (std::size_t at = 0; at < file_bytes; at += 0x20000) {
    const auto chunk = file_.substr(at, 0x20000);
    char size[16];
    std::snprintf(size, sizeof size, "%zx\r\n", chunk.size());
    ASSERT_TRUE(client.send(size + chunk + "\r\n"));
  }
  ASSERT_TRUE(client.send("0\r\n\r\n"));
  client.end_sending();
  EXPECT_EQ(client.response()->status, 200);
  EXPECT_TRUE(same_);
}

TEST_F(Upload, OfManyAtOnceIsThatOfEach) {
  serve();
  std::vector<std::future<int>> answers;
  for (int i = 0; i < 6; ++i)
    answers.push_back(std::async(std::launch::async, [this] {
      RawClient client(port_);
      client.send(whole());
      const auto response = client.response();
      return response ? response->status : 0;
    }));
  for (auto& answer : answers) EXPECT_EQ(answer.get(), 200);
  EXPECT_TRUE(same_);
  EXPECT_TRUE(eventually([&] { return is_empty(); }));
}

TEST_F(Upload, LeavesNothingWhenItsSenderLeaves) {
  serve();
  {
    RawClient client(port_);
    ASSERT_TRUE(client.send(whole().substr(0, file_bytes / 2)));
    ASSERT_TRUE(eventually([&] { return !is_empty(); }));
  }
  EXPECT_TRUE(eventually([&] { return is_empty() && server_->stats().connections == 0; }));
}

TEST_F(Upload, ThatCannotBeWrittenIsAnsweredAndLeavesNothing) {
  serve();
  rlimit before{};
  ::getrlimit(RLIMIT_FSIZE, &before);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit small{1 << 20, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  RawClient client(port_);
  client.send(whole());  // the server may close before all of it is sent
  const auto response = client.response();
  ::setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 500);
  EXPECT_NE(client.ending(), End::open);
  EXPECT_TRUE(eventually([&] { return is_empty(); }));
}

}  // namespace
}  // namespace simhost::net
