// A repeated request: answered with the first answer, refused while that is due, and forgotten after a day.
#include <map>
#include <optional>

#include <gtest/gtest.h>

#include <api/http/idempotency.hpp>

#include "exchange.hpp"

namespace simhost::http {
namespace {

using testing::ask;
using testing::header_of;
using testing::request_of;
using testing::text_of;

constexpr std::int64_t hour_ns = std::int64_t{3600} * 1'000'000'000;

class HandClock final : public Clock {
 public:
  [[nodiscard]] std::int64_t monotonic_ns() const override { return now_ns; }
  [[nodiscard]] std::int64_t wall_ns() const override { return now_ns; }
  std::int64_t now_ns = 1000 * hour_ns;
};

class Keyed : public ::testing::Test {
 protected:
  Keyed() {
    Route create = testing::route("POST", "/things", [this](const Request&, const Reply& reply) {
      ++made_;
      if (later_) return pending_.push_back(reply);
      if (error_) return reply(answer_error(*error_));
      Response made = answer(201, Value::object({{"number", made_}}));
      made.set_header("Location", "/things/" + std::to_string(made_));
      reply(std::move(made));
    });
    create.info.takes_body = Body::optional;
    create.info.body = Value::object({{"type", "object"}});
    EXPECT_TRUE(router_->put("x", {create, testing::route("PATCH", "/things")}));
    start();
  }

  // A listener as after a start of the host: what was kept is read back.
  void start(IdempotencyLimits limits = {}) {
    AnswerKeeper keeper{[this](const std::string& key, const Value& document) { kept_[key] = document; },
                        [this](const std::string& key) { kept_.erase(key); }};
    policy_.keys = std::make_shared<IdempotencyKeys>(clock_, keeper, limits);
    policy_.keys->recall({kept_.begin(), kept_.end()});
    pipeline_.emplace(policy_, router_);
  }

  Response post(std::string key, std::string body = "{}", std::string method = "POST") {
    return ask(*pipeline_, request_of(std::move(method), "/things",
                                      {{"content-type", "application/json"}, {"idempotency-key", std::move(key)}},
                                      std::move(body)));
  }
  static std::string code_of(const Response& response) {
    const std::string text = text_of(response);
    const auto at = text.find("\"code\":\"");
    return at == std::string::npos ? "" : text.substr(at + 8, text.find('"', at + 8) - at - 8);
  }

  HandClock clock_;
  std::map<std::string, Value> kept_;
  std::shared_ptr<Router> router_ = std::make_shared<Router>();
  Policy policy_;
  std::optional<Pipeline> pipeline_;
  int made_ = 0;
  bool later_ = false;
  std::optional<Error> error_;
  std::vector<Reply> pending_;
};

TEST_F(Keyed, RepeatsTheFirstAnswer) {
  const Response first = post("one");
  const Response again = post("one");
  EXPECT_EQ(again.status, 201);
  EXPECT_EQ(text_of(again), text_of(first));
  EXPECT_EQ(header_of(again, "Location"), "/things/1");
  EXPECT_EQ(header_of(again, "Idempotency-Replayed"), "true");
  EXPECT_EQ(header_of(first, "Idempotency-Replayed"), "");
  EXPECT_NE(header_of(again, "X-Request-Id"), header_of(first, "X-Request-Id"));
  EXPECT_EQ(made_, 1);
  EXPECT_EQ(text_of(post("two")), R"({"number":2})");
}

TEST_F(Keyed, RefusesTheKeyForAnotherRequest) {
  post("one");
  const Response other = post("one", R"({"a":1})");
  EXPECT_EQ(other.status, 422);
  EXPECT_EQ(code_of(other), "idempotency_key_reused");
  EXPECT_EQ(made_, 1);
}

TEST_F(Keyed, IsOnlyOfPosts) {
  post("one", "{}", "PATCH");
  EXPECT_EQ(policy_.keys->size(), 0U);
}

TEST_F(Keyed, RefusesTheSecondWhileTheFirstIsInWork) {
  later_ = true;
  auto request = request_of("POST", "/things", {{"content-type", "application/json"}, {"idempotency-key", "k"}}, "{}");
  const Admission admission = pipeline_->admit(*request);
  std::optional<Response> first;
  pipeline_->handle(request, admission, [&](Response response) { first = std::move(response); });
  EXPECT_EQ(code_of(post("k")), "idempotency_key_in_work");
  pending_.front()(answer(200, "done"));
  EXPECT_EQ(first->status, 200);
  EXPECT_EQ(text_of(post("k")), "\"done\"");
  EXPECT_EQ(made_, 1);
}

TEST_F(Keyed, IsFreeAgainWhenTheFirstWasDropped) {
  later_ = true;
  auto request = request_of("POST", "/things", {{"content-type", "application/json"}, {"idempotency-key", "k"}}, "{}");
  const Admission admission = pipeline_->admit(*request);
  pipeline_->handle(request, admission, [](const Response&) {});
  pending_.clear();
  later_ = false;
  EXPECT_EQ(post("k").status, 201);
}

TEST_F(Keyed, KeepsErrorsOfTheCallerAndNotOursOrThoseOfLoad) {
  error_ = Error{"name_taken", "another one has it", {{"/name", "name_taken", "taken", 1, 2, "\"x\""}}};
  const Response first = post("one");
  EXPECT_EQ(first.status, 409);
  error_ = Error{"limit_reached", "full"};
  EXPECT_EQ(post("two").status, 503);
  error_.reset();
  const Response again = post("one");
  EXPECT_EQ(again.status, 409);
  EXPECT_EQ(code_of(again), "name_taken");
  EXPECT_EQ(post("two").status, 201);
}

TEST_F(Keyed, SurvivesTheProcess) {
  post("one");
  error_ = Error{"name_taken", "another one has it", {{"/name", "name_taken", "taken", 1, 2, "\"x\""}}};
  const std::string refused = text_of(post("two"));
  error_.reset();
  start();
  const Response again = post("one");
  EXPECT_EQ(text_of(again), R"({"number":1})");
  EXPECT_EQ(header_of(again, "Location"), "/things/1");
  EXPECT_EQ(post("one", R"({"a":1})").status, 422);
  const std::string repeated = text_of(post("two"));
  EXPECT_EQ(repeated.substr(0, repeated.find("request_id")), refused.substr(0, refused.find("request_id")));
  EXPECT_EQ(repeated.substr(repeated.find("\"errors\":")), refused.substr(refused.find("\"errors\":")));
  EXPECT_EQ(made_, 2);
}

TEST_F(Keyed, IsForgottenAfterADay) {
  post("one");
  clock_.now_ns += 23 * hour_ns;
  EXPECT_EQ(text_of(post("one")), R"({"number":1})");
  clock_.now_ns += hour_ns;
  EXPECT_EQ(text_of(post("one")), R"({"number":2})");
  EXPECT_EQ(kept_.size(), 1U);
}

TEST_F(Keyed, IsBoundedInCountAndBytes) {
  start({.keys = 3});
  for (int i = 0; i < 10; ++i) post("k" + std::to_string(i));
  EXPECT_EQ(policy_.keys->size(), 3U);
  EXPECT_EQ(kept_.size(), 3U);
  EXPECT_EQ(text_of(post("k9")), R"({"number":10})");
  start({.keys = 100, .bytes = 40});
  for (int i = 10; i < 20; ++i) post("k" + std::to_string(i));
  EXPECT_LE(policy_.keys->size(), 4U);
}

TEST_F(Keyed, IsOneTextOfVisibleCharacters) {
  for (const std::string& bad : {std::string(), std::string(257, 'x'), std::string("a b"), std::string("\xc3\xa4")}) {
    const Response response = post(bad);
    EXPECT_EQ(response.status, 400) << bad;
    EXPECT_EQ(code_of(response), "invalid_header");
  }
  EXPECT_EQ(made_, 0);
}

}  // namespace
}  // namespace simhost::http
