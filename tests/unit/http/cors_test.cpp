// Cross-origin answers of both kinds of listener.
#include <api/http/cors.hpp>

#include <gtest/gtest.h>

#include "exchange.hpp"

namespace simhost::http {
namespace {

using testing::ask;
using testing::header_of;
using testing::request_of;
using testing::route;

constexpr const char* local = "http://localhost:3000";

class Cors : public ::testing::Test {
 protected:
  static Pipeline listener(CorsPolicy cors) {
    auto router = std::make_shared<Router>();
    EXPECT_TRUE(router->put("p", {route("GET", "/a"), route("POST", "/a")}));
    Policy policy;
    policy.cors = std::move(cors);
    return Pipeline(std::move(policy), router);
  }

  Pipeline main_ = listener({{"https://bench.example"}, Credentials::omit, {}});
  Pipeline compatible_ = listener({{}, Credentials::include, "GET, POST, PUT, DELETE, OPTIONS"});

  static std::shared_ptr<Request> asks(const char* origin, const char* path = "/a") {
    return request_of("OPTIONS", path,
                      {{"origin", origin},
                       {"access-control-request-method", "POST"},
                       {"access-control-request-headers", "content-type, x-mine"}});
  }
};

TEST_F(Cors, AnswersLocalAndConfiguredOriginsWithoutCredentials) {
  for (const char* origin : {local, "https://bench.example"}) {
    const Response response = ask(main_, request_of("GET", "/a", {{"origin", origin}}));
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(header_of(response, "Access-Control-Allow-Origin"), origin);
    EXPECT_EQ(header_of(response, "Access-Control-Allow-Credentials"), "");
    EXPECT_NE(header_of(response, "Access-Control-Expose-Headers").find("X-Request-Id"), std::string::npos);
  }
}

TEST_F(Cors, AnswersCompatibilityListenersWithCredentials) {
  const Response response = ask(compatible_, request_of("GET", "/a", {{"origin", local}}));
  EXPECT_EQ(header_of(response, "Access-Control-Allow-Origin"), local);
  EXPECT_EQ(header_of(response, "Access-Control-Allow-Credentials"), "true");
}

TEST_F(Cors, VariesByOriginOnEveryAnswer) {
  for (const auto& request :
       {request_of("GET", "/a"), request_of("GET", "/none"), request_of("GET", "/none", {{"origin", local}}),
        request_of("GET", "/a", {{"origin", "http://evil.example"}})}) {
    EXPECT_NE(header_of(ask(compatible_, request), "Vary").find("Origin"), std::string::npos) << request->path;
  }
}

TEST_F(Cors, ReachesErrorsToo) {
  const Response response = ask(compatible_, request_of("DELETE", "/a", {{"origin", local}}));
  EXPECT_EQ(response.status, 405);
  EXPECT_EQ(header_of(response, "Access-Control-Allow-Origin"), local);
}

TEST_F(Cors, RefusesForeignAndNullOriginsAlsoOnPreflight) {
  for (const char* origin : {"null", "http://evil.example"}) {
    for (const auto& request : {request_of("GET", "/a", {{"origin", origin}}),
                                request_of("POST", "/a", {{"origin", origin}}), asks(origin)}) {
      const Response response = ask(compatible_, request);
      EXPECT_EQ(response.status, 403);
      EXPECT_EQ(header_of(response, "Access-Control-Allow-Origin"), "");
    }
  }
}

TEST_F(Cors, PreflightOnTheMainListenerListsTheMethodsOfThePath) {
  const Response response = ask(main_, asks(local));
  EXPECT_EQ(response.status, 204);
  EXPECT_EQ(header_of(response, "Access-Control-Allow-Methods"), "GET, HEAD, POST, OPTIONS");
  EXPECT_EQ(header_of(response, "Access-Control-Allow-Headers").find("x-mine"), std::string::npos);
  EXPECT_EQ(header_of(response, "Access-Control-Max-Age"), "600");
  EXPECT_EQ(ask(main_, asks(local, "/none")).status, 404);
}

TEST_F(Cors, PreflightOnACompatibilityListenerEchoesHeadersAndListsItsMethodsOnEveryPath) {
  for (const char* path : {"/a", "/none"}) {
    const Response response = ask(compatible_, asks(local, path));
    EXPECT_EQ(response.status, 204);
    EXPECT_EQ(header_of(response, "Access-Control-Allow-Methods"), "GET, POST, PUT, DELETE, OPTIONS");
    EXPECT_EQ(header_of(response, "Access-Control-Allow-Headers"), "content-type, x-mine");
    EXPECT_EQ(header_of(response, "Access-Control-Allow-Credentials"), "true");
  }
}

TEST_F(Cors, NeverSaysStar) {
  for (const auto& request : {asks(local), request_of("GET", "/a", {{"origin", local}}), request_of("GET", "/a")}) {
    for (const auto& [name, value] : ask(compatible_, request).headers) EXPECT_NE(value, "*") << name;
  }
}

TEST_F(Cors, AnOptionsRequestThatIsNoPreflightTellsTheMethods) {
  const Response response = ask(main_, request_of("OPTIONS", "/a"));
  EXPECT_EQ(response.status, 204);
  EXPECT_EQ(header_of(response, "Allow"), "GET, HEAD, POST, OPTIONS");
}

}  // namespace
}  // namespace simhost::http
