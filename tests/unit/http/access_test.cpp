// Hosts, origins and tokens.
#include <api/http/access.hpp>

#include <gtest/gtest.h>

namespace simhost::http {
namespace {

Outcome host_check(std::string authority, const std::vector<std::string>& allowed = {}) {
  Request request;
  request.authority = std::move(authority);
  return check_host(request, allowed);
}

Outcome origin_check(Pairs headers, std::string method = "GET", const std::vector<std::string>& allowed = {}) {
  Request request;
  request.method = std::move(method);
  request.authority = "192.0.2.5:8080";
  request.headers = std::move(headers);
  return check_origin(request, allowed);
}

TEST(Authority, IsHostAndPort) {
  EXPECT_EQ(parse_authority("LocalHost:80")->host, "localhost");
  EXPECT_EQ(parse_authority("[::1]:80")->port, "80");
  EXPECT_EQ(parse_authority("[::1]")->host, "[::1]");
  for (const char* text : {"", ":80", "a:b", "a:123456", "a b", "a/b", "user@host", "[::1", "[g]", "a,b", "::1"}) {
    EXPECT_FALSE(parse_authority(text).has_value()) << text;
  }
}

TEST(Host, MustNameUs) {
  for (const char* host : {"localhost", "localhost:8080", "127.0.0.1:1", "[::1]:8080", "LOCALHOST", ""}) {
    EXPECT_TRUE(host_check(host)) << host;
  }
  for (const char* host : {"evil.example", "localhost.evil.example", "127.0.0.1.evil.example:8080", "localhost."}) {
    const Outcome outcome = host_check(host);
    ASSERT_FALSE(outcome) << host;
    EXPECT_EQ(outcome.error().code, "host_not_allowed");
  }
  EXPECT_TRUE(host_check("bench.local:8080", {"bench.local"}));
  EXPECT_TRUE(host_check("bench.local:8080", {"bench.local:8080"}));
  EXPECT_FALSE(host_check("bench.local:81", {"bench.local:8080"}));
  EXPECT_TRUE(host_check("anything", {"*"}));
}

TEST(Origin, MayBeLocalOursOrListed) {
  for (const char* origin : {"http://localhost", "https://localhost:5173", "http://127.0.0.1:3000", "http://[::1]:3000",
                             "http://192.0.2.5:8080", "https://bench.example"}) {
    EXPECT_TRUE(origin_check({{"origin", origin}}, "POST", {"https://bench.example"})) << origin;
  }
  for (const char* origin : {"null", "", "http://evil.example", "http://localhost.evil.example",
                             "http://localhost:80/x", "ftp://localhost", "localhost:3000", "http://192.0.2.5",
                             "https://192.0.2.5:8080", "http://bench.example", "http://user@localhost"}) {
    for (const char* method : {"GET", "POST", "OPTIONS"}) {
      const Outcome outcome = origin_check({{"origin", origin}}, method, {"https://bench.example"});
      ASSERT_FALSE(outcome) << method << ' ' << origin;
      EXPECT_EQ(outcome.error().code, "origin_not_allowed");
    }
  }
}

TEST(Origin, FallsBackToSecFetchSiteWhereThereIsNone) {
  EXPECT_TRUE(origin_check({}, "POST"));
  EXPECT_TRUE(origin_check({{"sec-fetch-site", "same-origin"}}, "POST"));
  EXPECT_TRUE(origin_check({{"sec-fetch-site", "none"}}, "DELETE"));
  EXPECT_FALSE(origin_check({{"sec-fetch-site", "cross-site"}}, "POST"));
  EXPECT_FALSE(origin_check({{"sec-fetch-site", "same-site"}}, "PATCH"));
  EXPECT_TRUE(origin_check({{"sec-fetch-site", "cross-site"}}, "GET"));
  EXPECT_TRUE(origin_check({{"sec-fetch-site", "cross-site"}, {"origin", "http://localhost:3000"}}, "POST"));
  const Pairs upgrade = {{"sec-fetch-site", "cross-site"}, {"upgrade", "websocket"}, {"connection", "Upgrade"}};
  EXPECT_FALSE(origin_check(upgrade, "GET"));
}

TEST(Loopback, IsKnownByAddress) {
  for (const char* address : {"127.0.0.1", "127.8.9.1", "::1", "::ffff:127.0.0.1"})
    EXPECT_TRUE(is_loopback_address(address));
  for (const char* address : {"192.0.2.1", "10.0.0.127", "::2", "::ffff:10.0.0.1"})
    EXPECT_FALSE(is_loopback_address(address));
}

TEST(Token, IsComparedWhole) {
  EXPECT_TRUE(equal_in_constant_time("abc", "abc"));
  for (const char* other : {"", "ab", "abd", "abcd", "abcabc"}) {
    EXPECT_FALSE(equal_in_constant_time(other, "abc")) << other;
    EXPECT_FALSE(equal_in_constant_time("abc", other)) << other;
  }
  const TokenCheck check = administrator_token("secret");
  EXPECT_EQ(check("secret"), Identity::administrator);
  EXPECT_FALSE(check("Secret").has_value());
  EXPECT_FALSE(administrator_token("")("").has_value());
}

TEST(Token, ComesAsBearer) {
  Request request;
  EXPECT_FALSE(bearer_token(request).value().has_value());
  request.headers = {{"authorization", "bearer  abc "}};
  EXPECT_EQ(bearer_token(request).value().value(), "abc");
  for (const char* value : {"Basic YTpi", "Bearer", "", "abc"}) {
    request.headers = {{"authorization", value}};
    EXPECT_FALSE(bearer_token(request).has_value()) << value;
  }
}

}  // namespace
}  // namespace simhost::http
