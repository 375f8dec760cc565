// Matching of methods and paths.
#include <api/http/route_table.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "exchange.hpp"

namespace simhost::http {
namespace {

using ::testing::ElementsAre;
using testing::route;
using ::testing::UnorderedElementsAre;
using testing::websocket;

std::shared_ptr<const RouteTable> table_of(std::vector<Route> routes) {
  auto table = RouteTable::build(std::move(routes));
  EXPECT_TRUE(table.has_value()) << (table ? "" : table.error().detail);
  return table ? *table : nullptr;
}

// The template that was found and the values of its parameters, as one line.
std::string found(const RouteTable& table, std::string_view method, std::string_view path) {
  const Match match = table.match(Kind::request, method, path);
  if (match.route == nullptr) return match.allowed.empty() ? "404" : "405 " + ::testing::PrintToString(match.allowed);
  std::string line = match.route->method + " " + match.route->path;
  for (const auto& [name, value] : match.params) line += " " + name + "=" + value;
  return line;
}

TEST(RouteTable, PrefersALiteralSegmentToAParameter) {
  const auto table = table_of({route("GET", "/a/{x}"), route("GET", "/a/b"), route("GET", "/{y}/b")});
  EXPECT_EQ(found(*table, "GET", "/a/b"), "GET /a/b");
  EXPECT_EQ(found(*table, "GET", "/a/c"), "GET /a/{x} x=c");
  EXPECT_EQ(found(*table, "GET", "/z/b"), "GET /{y}/b y=z");
  EXPECT_EQ(found(*table, "GET", "/z/c"), "404");
}

TEST(RouteTable, GoesBackToAParameterWhenTheLiteralLeadsNowhere) {
  const auto table =
      table_of({route("GET", "/a/b/d"), route("GET", "/a/{x}/c"), route("POST", "/a/search"), route("GET", "/a/{id}")});
  EXPECT_EQ(found(*table, "GET", "/a/b/c"), "GET /a/{x}/c x=b");
  EXPECT_EQ(found(*table, "GET", "/a/search"), "GET /a/{id} id=search");
  EXPECT_EQ(found(*table, "POST", "/a/search"), "POST /a/search");
}

TEST(RouteTable, DecodesParametersAndOnlyThose) {
  const auto table = table_of({route("GET", "/s/{id}/x"), route("GET", "/v1")});
  EXPECT_EQ(found(*table, "GET", "/s/a%2Fb%20c/x"), "GET /s/{id}/x id=a/b c");
  EXPECT_EQ(found(*table, "GET", "/%76%31"), "404");
  EXPECT_EQ(found(*table, "GET", "/s/%ff/x"), "404");
  EXPECT_EQ(found(*table, "GET", "/s/%00/x"), "404");
}

TEST(RouteTable, DoesNotNormalisePaths) {
  const auto table = table_of({route("GET", "/a/{x}"), route("GET", "/")});
  for (const char* path : {"/a/", "//a/b", "/a//", "/a/b/", "/A/b", "", "a/b", "/./a/b"}) {
    EXPECT_EQ(found(*table, "GET", path), "404") << path;
  }
  EXPECT_EQ(found(*table, "GET", "/"), "GET /");
  EXPECT_EQ(found(*table, "GET", "/a/.."), "GET /a/{x} x=..");
}

TEST(RouteTable, ARestParameterTakesSlashesAndComesLast) {
  const auto table =
      table_of({route("GET", "/files/{name...}"), route("GET", "/files/{id}/meta"), route("GET", "/files/x")});
  EXPECT_EQ(found(*table, "GET", "/files/a/b%20c"), "GET /files/{name...} name=a/b c");
  EXPECT_EQ(found(*table, "GET", "/files/a/meta"), "GET /files/{id}/meta id=a");
  EXPECT_EQ(found(*table, "GET", "/files/x"), "GET /files/x");
  EXPECT_EQ(found(*table, "GET", "/files/"), "404");
}

TEST(RouteTable, NamesTheMethodsOfAPathWhereNoneMatched) {
  const auto table = table_of({route("GET", "/a"), route("PUT", "/{x}"), route("DELETE", "/a")});
  EXPECT_THAT(table->match(Kind::request, "POST", "/a").allowed,
              UnorderedElementsAre("GET", "HEAD", "DELETE", "PUT", "OPTIONS"));
  EXPECT_THAT(table->match(Kind::request, "POST", "/b").allowed, UnorderedElementsAre("PUT", "OPTIONS"));
  EXPECT_THAT(table->match(Kind::request, "POST", "/b/c").allowed, ElementsAre());
}

TEST(RouteTable, TakesHeadFromGetUnlessThereIsOne) {
  const auto table = table_of({route("GET", "/a"), route("GET", "/b"), route("HEAD", "/b"), route("POST", "/c")});
  EXPECT_EQ(found(*table, "HEAD", "/a"), "GET /a");
  EXPECT_EQ(found(*table, "HEAD", "/b"), "HEAD /b");
  EXPECT_THAT(table->match(Kind::request, "HEAD", "/c").allowed, UnorderedElementsAre("POST", "OPTIONS"));
}

TEST(RouteTable, KeepsWebSocketsApartFromRequests) {
  const auto table =
      table_of({websocket("/s/{id}"), route("GET", "/s/{id}/state"), route("GET", "/both"), websocket("/both")});
  EXPECT_NE(table->match(Kind::websocket, "GET", "/s/7").route, nullptr);
  EXPECT_EQ(table->match(Kind::request, "GET", "/s/7").route, nullptr);
  EXPECT_EQ(table->match(Kind::websocket, "GET", "/s/7/state").route, nullptr);
  EXPECT_EQ(table->match(Kind::websocket, "GET", "/both").route->kind(), Kind::websocket);
  EXPECT_EQ(table->match(Kind::request, "GET", "/both").route->kind(), Kind::request);
  EXPECT_TRUE(table->has_websocket("/s/7"));
}

TEST(RouteTable, RefusesFaultyTemplatesAndDoubledRoutes) {
  for (const char* path : {"", "a", "/{", "/{}", "/a{x}", "/{x}.json", "/{x...}/b", "/{...}", "/{a{b}"}) {
    EXPECT_FALSE(RouteTable::build({route("GET", path)}).has_value()) << path;
  }
  EXPECT_FALSE(RouteTable::build({route("GET", "/a/{x}"), route("GET", "/a/{y}")}).has_value());
  EXPECT_FALSE(RouteTable::build({Route{"GET", "/a", {}, {}, {}}}).has_value());
  EXPECT_FALSE(RouteTable::build({route("GE T", "/a")}).has_value());
}

TEST(RouteTable, IsNotLedAstrayByDeepPaths) {
  const auto table = table_of({route("GET", "/a/a/a/a/a/a/a/b"), route("GET", "/{1}/{2}/{3}/{4}/{5}/{6}/{7}/{8}/c")});
  std::string path;
  for (int i = 0; i < 4000; ++i) path += "/a";
  EXPECT_EQ(found(*table, "GET", path), "404");
}

}  // namespace
}  // namespace simhost::http
