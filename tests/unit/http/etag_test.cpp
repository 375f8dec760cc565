// Entity tags and conditional requests.
#include <api/http/etag.hpp>

#include <gtest/gtest.h>

namespace simhost::http {
namespace {

Request with(std::string name, std::string value) {
  Request request;
  request.headers.emplace_back(std::move(name), std::move(value));
  return request;
}

TEST(Etag, DependsOnTheBytesAlone) {
  EXPECT_EQ(etag_of("abc"), etag_of("abc"));
  EXPECT_NE(etag_of("abc"), etag_of("abd"));
  EXPECT_EQ(etag_of("").size(), 18U);
}

TEST(Etag, IsKnownByWeakComparison) {
  for (const char* value : {"\"a\"", "W/\"a\"", "\"x\", \"a\"", "*"})
    EXPECT_TRUE(is_known(with("if-none-match", value), "\"a\""));
  for (const char* value : {"\"b\"", "a", ""}) EXPECT_FALSE(is_known(with("if-none-match", value), "\"a\"")) << value;
  EXPECT_FALSE(is_known(Request{}, "\"a\""));
}

TEST(Etag, MatchesByStrongComparison) {
  for (const char* value : {"\"a\"", "\"x\", \"a\"", "*"}) EXPECT_TRUE(check_match(with("if-match", value), "\"a\""));
  for (const char* value : {"\"b\"", "W/\"a\"", ""}) {
    const Outcome outcome = check_match(with("if-match", value), "\"a\"");
    ASSERT_FALSE(outcome) << value;
    EXPECT_EQ(outcome.error().code, "precondition_failed");
  }
  EXPECT_TRUE(check_match(Request{}, "\"a\""));
}

}  // namespace
}  // namespace simhost::http
