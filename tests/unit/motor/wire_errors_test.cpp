// Errors of the host in the shape of the motor's original.
#include <gtest/gtest.h>

#include <host/base/field_errors.hpp>
#include <host/base/json.hpp>
#include <host/services/problems.hpp>
#include <plugins/bldc_motor/routes_errors.hpp>

namespace bldc_motor {
namespace {

using simhost::Error;

struct Rendered {
  int status = 0;
  std::string text;
  simhost::Value body;

  const simhost::Value& first_field() const { return body.find("detail")->items().at(0); }
};

Rendered rendered(const Error& error, std::string_view raw_body = "") {
  sim_request request{};
  request.size = sizeof request;
  request.raw_body = {raw_body.data(), raw_body.size()};
  if (!raw_body.empty()) request.body = reinterpret_cast<const sim_value*>(&request);  // any: only whether it is there
  const sim_pair path_params[] = {{{"session_id", 10}, {"x", 1}}};
  request.path_params = path_params;
  request.n_path_params = 1;
  const simhost::services::ProblemView problem(error);
  Rendered out{problem.get()->status, {}, {}};
  sim::Json json(out.text);
  render_error(request, *problem.get(), out.status, json);
  EXPECT_TRUE(json.ok());
  auto parsed = simhost::parse_json(out.text);
  EXPECT_TRUE(parsed) << out.text;
  if (parsed) out.body = std::move(*parsed);
  return out;
}

TEST(MotorError, IsReadableInsideAndBesideDetail) {
  const auto answer = rendered({"session_not_found", "Session x not found", {}, 404});
  EXPECT_EQ(answer.status, 404);
  EXPECT_EQ(answer.text, R"({"detail":{"error":"session_not_found","message":"Session x not found"},)"
                         R"("error":"session_not_found","message":"Session x not found"})");
}

TEST(MotorError, SaysOfPathsAndMethodsWhatFastApiSays) {
  EXPECT_EQ(rendered({"not_found", "there is no /x"}).text, R"({"detail":"Not Found"})");
  EXPECT_EQ(rendered({"method_not_allowed", "GET only"}).text, R"({"detail":"Method Not Allowed"})");
}

TEST(MotorError, ListsFaultsOfShapeWith422) {
  simhost::FieldErrors fields{{"/motor_id", "missing", "\"motor_id\" is needed"},
                              {"/pid_params/kp", "wrong_type", "a number is needed", {}, {}, "\"much\""}};
  const auto answer = rendered(simhost::validation_failed(std::move(fields)), R"({"pid_params":{"kp":"much"}})");
  EXPECT_EQ(answer.status, 422);
  EXPECT_EQ(simhost::to_json(*answer.body.find("detail")),
            R"([{"type":"missing","loc":["body","motor_id"],"msg":"Field required",)"
            R"("input":{"pid_params":{"kp":"much"}}},)"
            R"({"type":"float_parsing","loc":["body","pid_params","kp"],"msg":"Input should be a valid number",)"
            R"("input":"much"}])");
  EXPECT_EQ(answer.body.find("error")->string(), "validation_error");
  EXPECT_NE(answer.body.find("message"), nullptr);
}

TEST(MotorError, Answers400WhereNumbersAreOutOfRange) {
  simhost::FieldErrors fields{{"/target_speed_rpm", "value_out_of_range", "at most 6000", -6000, 6000, "7000"}};
  const auto answer = rendered(simhost::validation_failed(fields));
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(answer.body.find("detail")->find("error")->string(), "validation_error");
  EXPECT_EQ(answer.body.find("detail")->find("message")->string(), "target_speed_rpm: at most 6000");

  fields.push_back({"/control_mode", "not_in_enum", "one of these", {}, {}, "\"x\""});
  EXPECT_EQ(rendered(simhost::validation_failed(fields)).status, 422) << "faults of shape win";
}

TEST(MotorError, NamesWhereAParameterStood) {
  simhost::FieldErrors fields{{"?motor_id", "not_in_enum", "one of these", {}, {}, "\"x\""},
                              {"?session_id", "wrong_type", "a text is needed"}};
  const auto answer = rendered(simhost::validation_failed(std::move(fields), simhost::Place::query));
  EXPECT_EQ(answer.status, 422);
  EXPECT_EQ(simhost::to_json(*answer.first_field().find("loc")), R"(["query","motor_id"])");
  EXPECT_EQ(simhost::to_json(*answer.body.find("detail")->items().at(1).find("loc")), R"(["path","session_id"])");
}

TEST(MotorError, CountsABodyThatCannotBeReadAsAFaultOfShape) {
  const auto broken = rendered({"invalid_json", "line 1, column 2: a value is needed"});
  EXPECT_EQ(broken.status, 422);
  EXPECT_EQ(broken.first_field().find("type")->string(), "json_invalid");
  const auto none = rendered({"body_missing", "a body is needed"});
  EXPECT_EQ(none.status, 422);
  EXPECT_EQ(none.first_field().find("type")->string(), "missing");
  EXPECT_EQ(simhost::to_json(*none.first_field().find("loc")), R"(["body"])");
}

TEST(MotorError, KeepsStatusAndNamesTheLimit) {
  const auto limited = rendered({"rate_limited", "60 requests a minute", {}, 0, 7});
  EXPECT_EQ(limited.status, 429);
  EXPECT_EQ(limited.body.find("error")->string(), "rate_limit_exceeded");
  EXPECT_EQ(rendered({"unsupported_media_type", "send JSON"}).status, 415);
}

TEST(MotorError, UnescapesPointers) {
  simhost::FieldErrors fields{{"/a~1b~01/0", "wrong_type", "a number is needed", {}, {}, "null"}};
  const auto answer = rendered(simhost::validation_failed(std::move(fields)));
  EXPECT_EQ(simhost::to_json(*answer.first_field().find("loc")), R"(["body","a/b~1",0])");
}

}  // namespace
}  // namespace bldc_motor
