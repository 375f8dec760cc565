// The guard alone: what it learns, and that it needs no second look at what it has seen.
#include <api/net/request_guard.hpp>

#include <gtest/gtest.h>

namespace simhost::net {
namespace {

const Settings settings;

std::string head(std::string_view lines) { return "POST /a HTTP/1.1\r\nHost: h\r\n" + std::string(lines) + "\r\n"; }

TEST(RequestGuard, FindsTheEndOfTheHeader) {
  RequestGuard guard(settings);
  const std::string bytes = head("Content-Length: 12\r\n");
  EXPECT_EQ(guard.scan(bytes + "body"), bytes.size());
  EXPECT_EQ(guard.facts().content_length, 12U);
  EXPECT_FALSE(guard.facts().chunked);
  EXPECT_TRUE(guard.facts().has_body());
  EXPECT_EQ(guard.facts().minor_version, 1);
}

TEST(RequestGuard, TakesTheHeaderByteByByte) {
  RequestGuard guard(settings);
  const std::string bytes = head("Transfer-Encoding: chunked\r\nExpect: 100-Continue\r\n");
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    ASSERT_EQ(guard.scan(std::string_view(bytes).substr(0, size)), 0U) << size;
  }
  EXPECT_EQ(guard.scan(bytes), bytes.size());
  EXPECT_TRUE(guard.facts().chunked);
  EXPECT_TRUE(guard.facts().expects_continue);
}

TEST(RequestGuard, ForgetsAllOnReset) {
  RequestGuard guard(settings);
  ASSERT_TRUE(guard.scan(head("Content-Length: 12\r\nAuthorization: a\r\n")));
  guard.reset();
  ASSERT_TRUE(guard.scan(head("Authorization: a\r\n")));
  EXPECT_FALSE(guard.facts().has_body());
}

TEST(RequestGuard, RefusesAsEarlyAsTheFaultyLine) {
  RequestGuard guard(settings);
  EXPECT_FALSE(guard.scan("GET /a HTTP/1.1\r\nHost: a\r\nHost: b\r\n"));
  guard.reset();
  EXPECT_FALSE(guard.scan("GET /a HTTP/3.0\r\n"));
  guard.reset();
  EXPECT_FALSE(guard.scan("nonsense\n"));
}

TEST(RequestGuard, BoundsEachPart) {
  const auto code = [](const std::string& bytes) {
    RequestGuard guard(settings);
    const auto result = guard.scan(bytes);
    return result ? std::string("ok") : result.error().code;
  };
  EXPECT_EQ(code("GET /" + std::string(8190, 'a') + " HTTP/1.1\r\nHost: h\r\n\r\n"), "ok");
  EXPECT_EQ(code("GET /" + std::string(8192, 'a') + " HTTP/1.1\r\nHost: h\r\n\r\n"), "uri_too_long");
  EXPECT_EQ(code(head("X: " + std::string(16000, 'a') + "\r\n")), "ok");
  EXPECT_EQ(code(head("X: " + std::string(16384, 'a') + "\r\n")), "header_too_large");
  EXPECT_EQ(code(std::string(33, 'G') + " / HTTP/1.1\r\nHost: h\r\n\r\n"), "invalid_request");
}

}  // namespace
}  // namespace simhost::net
