// The rules of a listener in their order, and what every answer carries.
#include <api/http/pipeline.hpp>

#include <gtest/gtest.h>

#include <stdexcept>

#include <api/http/etag.hpp>
#include <host/base/json.hpp>
#include <host/base/msgpack.hpp>

#include "exchange.hpp"

namespace simhost::http {
namespace {

using testing::ask;
using testing::header_of;
using testing::request_of;
using testing::route;
using testing::text_of;
using testing::websocket;

constexpr const char* token = "t0ken";

std::string code_of(const Response& response) {
  const auto document = parse_json(text_of(response));
  const Value* code = document ? document->find("code") : nullptr;
  return code != nullptr ? code->string() : "";
}

std::vector<Route> sample_routes() {
  std::vector<Route> routes = {route("GET", "/v1/s/{id}"), route("POST", "/v1/s"),   route("POST", "/v1/plugins"),
                               route("GET", "/livez"),     route("GET", "/metrics"), websocket("/v1/stream")};
  routes[1].info.takes_body = Body::required;
  routes[2].info.access = Access::administer;
  routes[2].info.consumes = {"application/octet-stream"};
  routes[2].info.max_body = 5 << 20;
  routes[3].info.access = Access::open;
  routes[4].info.answers = {{200, "text/plain; version=0.0.4", {}, {}}};
  return routes;
}

class Listener : public ::testing::Test {
 protected:
  Listener() { EXPECT_TRUE(router_->put("v1", sample_routes())); }

  std::shared_ptr<Router> router_ = std::make_shared<Router>();
  Policy policy_ = [] {
    Policy policy;
    policy.token = administrator_token(token);
    return policy;
  }();
  std::unique_ptr<Pipeline> pipeline_;

  Response send(const std::shared_ptr<Request>& request) {
    if (!pipeline_) pipeline_ = std::make_unique<Pipeline>(policy_, router_);
    return ask(*pipeline_, request);
  }
  Response send(std::string method, std::string target, Pairs headers = {}, std::string body = {}) {
    return send(request_of(std::move(method), std::move(target), std::move(headers), std::move(body)));
  }
};

TEST_F(Listener, AnswersWithTheHeadersEveryAnswerHas) {
  for (const char* path : {"/v1/s/7", "/nowhere"}) {
    const Response response = send("GET", path);
    EXPECT_EQ(header_of(response, "X-Content-Type-Options"), "nosniff");
    EXPECT_EQ(header_of(response, "Cache-Control"), "no-store");
    EXPECT_EQ(header_of(response, "Cross-Origin-Resource-Policy"), "same-origin");
    EXPECT_NE(header_of(response, "X-Request-Id"), "");
  }
}

TEST_F(Listener, TakesTheClientsRequestIdWhenItIsWellFormed) {
  EXPECT_EQ(header_of(send("GET", "/v1/s/7", {{"x-request-id", "mine-1"}}), "X-Request-Id"), "mine-1");
  for (const std::string& bad : {std::string("a b"), std::string(""), std::string(200, 'a'), std::string("<x>")}) {
    EXPECT_NE(header_of(send("GET", "/v1/s/7", {{"x-request-id", bad}}), "X-Request-Id"), bad);
  }
  EXPECT_NE(header_of(send("GET", "/v1/s/7"), "X-Request-Id"), header_of(send("GET", "/v1/s/7"), "X-Request-Id"));
}

TEST_F(Listener, PutsTheRequestIdIntoItsErrors) {
  const Response response = send("GET", "/nowhere", {{"x-request-id", "mine-1"}});
  EXPECT_EQ(parse_json(text_of(response))->find("request_id")->string(), "mine-1");
  EXPECT_EQ(parse_json(text_of(response))->find("instance")->string(), "/nowhere");
}

struct StatusCase {
  const char* method;
  const char* target;
  Pairs headers;
  std::string body;
  int status;
  const char* code;
};

TEST_F(Listener, RefusesEachFaultWithItsStatusAndCode) {
  const Pairs json = {{"content-type", "application/json"}};
  const std::vector<StatusCase> cases = {
      {"GET", "/v1/s/7", {}, "", 200, ""},
      {"GET", "/v1/s/7?a=%zz", {}, "", 400, "invalid_query"},
      {"GET", "/v1/none", {}, "", 404, "not_found"},
      {"PUT", "/v1/s", json, "{}", 405, "method_not_allowed"},
      {"GET", "/v1/s/7", {{"accept", "image/png"}}, "", 406, "not_acceptable"},
      {"GET", "/metrics", {{"accept", "image/png"}}, "", 406, "not_acceptable"},
      {"GET", "/metrics", {{"accept", "text/plain"}}, "", 200, ""},
      {"GET", "/metrics", {{"accept", "*/*"}}, "", 200, ""},
      {"POST", "/v1/s", json, "{\"model\":\"m\"}", 200, ""},
      {"POST", "/v1/s", {}, "", 400, "body_missing"},
      {"POST", "/v1/s", json, "{", 400, "invalid_json"},
      {"POST", "/v1/s", {{"content-type", "text/plain"}}, "{}", 415, "unsupported_media_type"},
      {"POST", "/v1/s", {}, "{}", 415, "unsupported_media_type"},
      {"POST",
       "/v1/s",
       {{"content-type", "application/json"}, {"content-encoding", "gzip"}},
       "{}",
       415,
       "unsupported_media_type"},
      {"POST", "/v1/plugins", json, "{}", 401, "unauthorized"},
      {"POST", "/v1/plugins", {{"authorization", "Bearer wrong"}}, "", 401, "unauthorized"},
      {"GET", "/v1/s/7", {{"authorization", "Bearer wrong"}}, "", 401, "unauthorized"},
      {"GET", "/v1/s/7", {{"authorization", "Basic YTpi"}}, "", 401, "unauthorized"},
      {"POST",
       "/v1/plugins",
       {{"authorization", "Bearer t0ken"}, {"content-type", "application/octet-stream"}},
       "x",
       200,
       ""},
      {"GET", "/v1/stream", {}, "", 426, "invalid_request"},
      {"OPTIONS", "*", {}, "", 204, ""},
  };
  for (const StatusCase& row : cases) {
    const Response response = send(row.method, row.target, row.headers, row.body);
    EXPECT_EQ(response.status, row.status) << row.method << ' ' << row.target << ' ' << text_of(response);
    if (row.status >= 400) {
      EXPECT_EQ(code_of(response), row.code) << row.method << ' ' << row.target;
      EXPECT_EQ(response.media_type, "application/problem+json");
    }
  }
}

TEST_F(Listener, NamesTheMethodsOnA405) {
  EXPECT_EQ(header_of(send("DELETE", "/v1/s/7"), "Allow"), "GET, HEAD, OPTIONS");
  EXPECT_EQ(header_of(send("GET", "/v1/stream"), "Upgrade"), "websocket");
}

TEST_F(Listener, ChecksTheHostFirst) {
  auto request = request_of("GET", "/nowhere", {{"origin", "http://evil.example"}});
  request->authority = "evil.example";
  const Response response = send(request);
  EXPECT_EQ(response.status, 421);
  EXPECT_EQ(code_of(response), "host_not_allowed");
}

TEST_F(Listener, NeedsATokenFromAfarExceptWhereItIsOpen) {
  const auto from_afar = [](std::string path, Pairs headers = {}) {
    auto request = request_of("GET", std::move(path), std::move(headers));
    request->remote = "192.0.2.7";
    return request;
  };
  EXPECT_EQ(send(from_afar("/v1/s/7")).status, 401);
  EXPECT_EQ(send(from_afar("/nowhere")).status, 401);
  EXPECT_EQ(send(from_afar("/livez")).status, 200);
  EXPECT_EQ(send(from_afar("/v1/s/7", {{"authorization", "Bearer t0ken"}})).status, 200);
  EXPECT_EQ(send(from_afar("/nowhere", {{"authorization", "Bearer t0ken"}})).status, 404);
}

TEST_F(Listener, AnswersAPreflightWithoutAToken) {
  policy_.local = Anonymous::refuse;
  const Pairs headers = {{"origin", "http://localhost:3000"}, {"access-control-request-method", "POST"}};
  EXPECT_EQ(send("OPTIONS", "/v1/s", headers).status, 204);
}

TEST_F(Listener, TellsTheHandlerWhoAsks) {
  Identity seen = Identity::anonymous;
  ASSERT_TRUE(router_->put("x", {route("GET", "/who", [&](const Request& request, const Reply& reply) {
                             seen = request.identity;
                             reply(Response{204});
                           })}));
  EXPECT_EQ(send("GET", "/who", {{"authorization", "Bearer t0ken"}}).status, 204);
  EXPECT_EQ(seen, Identity::administrator);
}

TEST_F(Listener, StopsGuessingOfTokens) {
  for (int i = 0; i < limits::failed_logins_per_min; ++i) {
    EXPECT_EQ(send("GET", "/v1/s/7", {{"authorization", "Bearer wrong"}}).status, 401);
  }
  const Response response = send("GET", "/v1/s/7", {{"authorization", "Bearer t0ken"}});
  EXPECT_EQ(response.status, 429);
  EXPECT_NE(header_of(response, "Retry-After"), "");
  EXPECT_EQ(send("GET", "/v1/s/7").status, 200);
}

TEST_F(Listener, LimitsTheRateOfRemoteAddressesAndNotOfLoopback) {
  policy_.remote = Anonymous::operate;
  policy_.rate = {1, 5};
  const auto from = [](const char* remote) {
    auto request = request_of("GET", "/v1/s/7");
    request->remote = remote;
    return request;
  };
  for (int i = 0; i < 5; ++i) EXPECT_EQ(send(from("192.0.2.7")).status, 200);
  const Response refused = send(from("192.0.2.7"));
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(header_of(refused, "Retry-After"), "1");
  EXPECT_EQ(send(from("192.0.2.8")).status, 200);
  for (int i = 0; i < 20; ++i) EXPECT_EQ(send(from("127.0.0.1")).status, 200);
}

TEST_F(Listener, WritesMessagePackWhereItIsPreferred) {
  const Response response = send("GET", "/v1/s/7", {{"accept", "application/msgpack"}});
  EXPECT_EQ(response.media_type, "application/msgpack");
  EXPECT_EQ(parse_msgpack(text_of(response))->find("params")->find("id")->string(), "7");
  EXPECT_EQ(send("GET", "/nowhere", {{"accept", "application/msgpack"}}).media_type, "application/problem+json");
}

TEST_F(Listener, ReadsMessagePackBodies) {
  const std::string body = to_msgpack(Value::object({{"model", "m"}}));
  const Response response = send("POST", "/v1/s", {{"content-type", "application/msgpack"}}, body);
  EXPECT_EQ(parse_json(text_of(response))->find("body")->find("model")->string(), "m");
}

TEST_F(Listener, LooksPastAcceptWhereTheOriginalDid) {
  policy_.negotiation = Negotiation::json_only;
  const Response response = send("GET", "/v1/s/7", {{"accept", "image/png"}});
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.media_type, "application/json");
}

TEST_F(Listener, AnswersAKnownEtagWith304) {
  ASSERT_TRUE(router_->put("x", {route("GET", "/tagged", [](const Request&, const Reply& reply) {
                             Response response = answer(200, Value("text"));
                             response.set_header("ETag", etag_of("text"));
                             response.set_header("Cache-Control", "no-cache");
                             reply(std::move(response));
                           })}));
  const Response first = send("GET", "/tagged");
  EXPECT_EQ(first.status, 200);
  EXPECT_EQ(header_of(first, "Cache-Control"), "no-cache");
  const Response second = send("GET", "/tagged", {{"if-none-match", header_of(first, "ETag")}});
  EXPECT_EQ(second.status, 304);
  EXPECT_TRUE(std::holds_alternative<std::monostate>(second.body));
  EXPECT_EQ(send("GET", "/tagged", {{"if-none-match", "\"other\""}}).status, 200);
}

TEST_F(Listener, ShapesAllItsErrorsWithItsRenderer) {
  policy_.render_error = [](const Request&, const Error& error) -> std::optional<Response> {
    return answer(error.code == "unsupported_media_type" ? 400 : 418, Value::object({{"error", error.code}}));
  };
  for (const auto& request :
       {request_of("GET", "/nowhere"), request_of("PUT", "/v1/s"), request_of("GET", "/v1/s/7?a=%zz")}) {
    const Response response = send(request);
    EXPECT_EQ(response.status, 418);
    EXPECT_EQ(response.media_type, "application/json");
  }
  EXPECT_EQ(send("POST", "/v1/s", {}, "{}").status, 400);
  EXPECT_EQ(header_of(send("PUT", "/v1/s"), "Allow"), "POST, OPTIONS");
}

TEST_F(Listener, TurnsAnExceptionOfAHandlerInto500) {
  ASSERT_TRUE(router_->put(
      "x", {route("GET", "/throws", [](const Request&, const Reply&) { throw std::runtime_error("broken"); })}));
  const Response response = send("GET", "/throws");
  EXPECT_EQ(response.status, 500);
  EXPECT_EQ(code_of(response), "internal");
}

TEST_F(Listener, KeepsTheRouteOfARequestThroughAReload) {
  ASSERT_TRUE(
      router_->put("p", {route("GET", "/p", [](const Request&, const Reply& reply) { reply(answer(200, "old")); })}));
  Pipeline pipeline(policy_, router_);
  auto request = request_of("GET", "/p");
  const Admission admission = pipeline.admit(*request);
  ASSERT_TRUE(
      router_->put("p", {route("GET", "/p", [](const Request&, const Reply& reply) { reply(answer(200, "new")); })}));
  std::string text;
  pipeline.handle(request, admission, [&](const Response& response) { text = text_of(response); });
  EXPECT_EQ(text, "\"old\"");
  EXPECT_EQ(text_of(ask(pipeline, request_of("GET", "/p"))), "\"new\"");
}

TEST_F(Listener, AllowsARouteALargerBodyAndALongerTime) {
  Pipeline pipeline(policy_, router_);
  EXPECT_EQ(pipeline.admit(*request_of("GET", "/v1/s/7")).body_max, limits::http_body_bytes);
  auto upload = request_of("POST", "/v1/plugins", {{"authorization", "Bearer t0ken"}});
  EXPECT_EQ(pipeline.admit(*upload).body_max, 5U << 20U);
}

TEST_F(Listener, ReportsEveryAnswerToItsObserver) {
  std::vector<std::string> seen;
  policy_.observe = [&](const Request& request, const Route* found, int status) {
    seen.push_back(request.method + " " + (found != nullptr ? found->path : "-") + " " + std::to_string(status));
  };
  send("GET", "/v1/s/7");
  send("GET", "/nowhere");
  EXPECT_EQ(seen, (std::vector<std::string>{"GET /v1/s/{id} 200", "GET - 404"}));
}

TEST_F(Listener, HoldsTheGoodAnswerToAMutationBackUntilItIsCommitted) {
  std::function<void(Outcome)> commit;
  policy_.committed = [&](std::function<void(Outcome)> done) { commit = std::move(done); };
  pipeline_ = std::make_unique<Pipeline>(policy_, router_);
  std::optional<Response> answer;
  const auto post = [&](Outcome outcome) {
    answer.reset();
    const auto request = request_of("POST", "/v1/s", {{"content-type", "application/json"}}, "{}");
    pipeline_->handle(request, pipeline_->admit(*request), [&](Response response) { answer = std::move(response); });
    EXPECT_FALSE(answer.has_value());
    std::exchange(commit, {})(std::move(outcome));
    return answer.value_or(Response{0});
  };
  EXPECT_EQ(post({}).status, 200);
  EXPECT_EQ(code_of(post(fail("store_unavailable", "the server is away"))), "store_unavailable");
  EXPECT_EQ(send("GET", "/v1/s/7").status, 200);
  EXPECT_EQ(send("POST", "/v1/s", {{"content-type", "application/json"}}, "no json").status, 400);
  EXPECT_FALSE(commit);  // reads and errors did not ask
}

TEST_F(Listener, RefusesMutationsButDeleteWhileNothingCanBeCommitted) {
  int ran = 0;
  EXPECT_TRUE(router_->put("more", {route("POST", "/v1/m",
                                          [&](const Request&, const Reply& reply) {
                                            ++ran;
                                            reply(answer(200, Value()));
                                          }),
                                    route("DELETE", "/v1/m", [&](const Request&, const Reply& reply) {
                                      ++ran;
                                      reply(answer(200, Value()));
                                    })}));
  policy_.can_commit = [] { return Outcome(fail(Error{"store_unavailable", "the server is away", {}, 0, 5})); };
  const auto refused = send("POST", "/v1/m");
  EXPECT_EQ(refused.status, 503);
  EXPECT_EQ(header_of(refused, "Retry-After"), "5");
  EXPECT_EQ(ran, 0);
  EXPECT_EQ(send("GET", "/v1/s/7").status, 200);
  EXPECT_EQ(send("DELETE", "/v1/m").status, 200);
  EXPECT_EQ(ran, 1);
}

Pairs handshake(Pairs more = {}) {
  Pairs headers = {{"upgrade", "websocket"},
                   {"connection", "Upgrade"},
                   {"sec-websocket-version", "13"},
                   {"sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="}};
  headers.insert(headers.end(), more.begin(), more.end());
  return headers;
}

TEST_F(Listener, ChecksAnUpgradeBeforeItIsAccepted) {
  EXPECT_EQ(send("GET", "/v1/stream", handshake()).status, 101);
  EXPECT_EQ(send("GET", "/v1/stream", handshake({{"origin", "http://localhost:3000"}})).status, 101);
  EXPECT_EQ(send("GET", "/v1/stream", handshake({{"origin", "http://evil.example"}})).status, 403);
  EXPECT_EQ(send("GET", "/v1/stream", handshake({{"origin", "null"}})).status, 403);
  EXPECT_EQ(send("GET", "/v1/stream", handshake({{"authorization", "Bearer wrong"}})).status, 401);
  EXPECT_EQ(send("GET", "/v1/s/7", handshake()).status, 404);
  EXPECT_EQ(send("GET", "/nowhere", handshake()).status, 404);
  Pairs old = handshake();
  old[2].second = "8";
  EXPECT_EQ(send("GET", "/v1/stream", old).status, 426);
  EXPECT_EQ(header_of(send("GET", "/v1/stream", old), "Sec-WebSocket-Version"), "13");
  Pairs keyless = handshake();
  keyless.pop_back();
  EXPECT_EQ(send("GET", "/v1/stream", keyless).status, 400);
}

}  // namespace
}  // namespace simhost::http
