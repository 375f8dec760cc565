// The shape of errors.
#include <api/http/problem.hpp>

#include <gtest/gtest.h>

#include <host/base/json.hpp>

#include "exchange.hpp"

namespace simhost::http {
namespace {

using testing::header_of;

TEST(Problem, HasTheMembersOfTheContract) {
  Error error{"value_out_of_range", "1 value is out of range"};
  error.errors.push_back(
      {"/values/load_torque_n_m", "value_out_of_range", "must be between 0 and 10", 0.0, 10.0, "12"});
  EXPECT_EQ(to_json(problem_document(error, "/v1/sessions/x/variables", "r-1")),
            "{\"type\":\"/docs/errors#value_out_of_range\",\"title\":\"Value out of range\",\"status\":422,"
            "\"code\":\"value_out_of_range\",\"detail\":\"1 value is out of range\","
            "\"instance\":\"/v1/sessions/x/variables\",\"request_id\":\"r-1\",\"errors\":[{\"pointer\":"
            "\"/values/load_torque_n_m\",\"code\":\"value_out_of_range\",\"detail\":\"must be between 0 and 10\","
            "\"min\":0.0,\"max\":10.0,\"input\":12}]}");
}

TEST(Problem, TakesTheCodeOfItsOnlyFieldError) {
  Error error{"validation_failed", "the body is not valid"};
  error.errors.push_back({"/x", "unknown_key", "did you mean y?"});
  EXPECT_EQ(problem_document(error, "/", "").find("code")->string(), "unknown_key");
  error.errors.push_back({"/z", "missing", "is needed"});
  EXPECT_EQ(problem_document(error, "/", "").find("code")->string(), "validation_failed");
}

TEST(Problem, ListsAtMostSixtyFourErrors) {
  Error error{"validation_failed", "many"};
  for (int i = 0; i < 100; ++i) error.errors.push_back({"/" + std::to_string(i), "missing", "is needed"});
  EXPECT_EQ(problem_document(error, "/", "").find("errors")->items().size(), 64U);
}

TEST(Problem, CarriesTheHeadersItsStatusAsksFor) {
  const Request request;
  Error busy{"inbox_full", "come again"};
  busy.retry_after_s = 3;
  EXPECT_EQ(header_of(problem(busy, request), "Retry-After"), "3");
  EXPECT_EQ(header_of(problem(Error{"overloaded", "full"}, request), "Retry-After"), "1");
  EXPECT_EQ(header_of(problem(Error{"unauthorized", "no"}, request), "WWW-Authenticate"), "Bearer realm=\"simhost\"");
  EXPECT_EQ(header_of(problem(Error{"not_found", "no"}, request), "Retry-After"), "");
  EXPECT_EQ(problem(Error{"not_found", "no"}, request).media_type, "application/problem+json");
}

TEST(Problem, LetsTheErrorOverrideTheStatusOfItsCode) {
  EXPECT_EQ(problem(Error{"wrong_type", "no", {}, 400}, Request{}).status, 400);
  EXPECT_EQ(problem(Error{"no_such_code", "no"}, Request{}).status, 500);
}

TEST(Problem, IsShapedByARendererWhichMayDecline) {
  const ErrorRenderer renderer = [](const Request&, const Error& error) -> std::optional<Response> {
    if (error.code == "not_found") return std::nullopt;
    return answer(400, Value::object({{"detail", error.detail}}));
  };
  const Response shaped = render_error(Error{"rate_limited", "slow"}, Request{}, renderer);
  EXPECT_EQ(shaped.status, 400);
  EXPECT_EQ(to_json(std::get<Value>(shaped.body)), "{\"detail\":\"slow\"}");
  EXPECT_EQ(render_error(Error{"not_found", "x"}, Request{}, renderer).media_type, "application/problem+json");
}

}  // namespace
}  // namespace simhost::http
