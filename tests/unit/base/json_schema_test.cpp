// The JSON Schema subset: each keyword, references, null unions, query texts, and schemas that are refused.
#include <host/base/json_schema.hpp>

#include <gtest/gtest.h>

#include <host/base/json.hpp>

namespace simhost {
namespace {

Value json(std::string_view text) { return parse_json(text).value(); }

std::vector<std::string> faults(const FieldErrors& errors) {
  std::vector<std::string> out;
  for (const FieldError& error : errors) out.push_back(error.pointer + " " + error.code);
  return out;
}

using Faults = std::vector<std::string>;

struct Case {
  std::string_view schema;
  std::string_view value;
  Faults faults;
};

TEST(JsonSchema, HoldsEachKeyword) {
  const Case cases[] = {
      {R"({"type":"number"})", "1", {}},
      {R"({"type":"number"})", "\"1\"", {" wrong_type"}},
      {R"({"type":"integer"})", "2.0", {}},
      {R"({"type":"integer"})", "2.5", {" wrong_type"}},
      {R"({"type":"integer"})", "true", {" wrong_type"}},
      {R"({"type":["number","null"]})", "null", {}},
      {R"({"type":["number","null"]})", "\"x\"", {" wrong_type"}},
      {R"({"minimum":1,"maximum":2})", "1", {}},
      {R"({"minimum":1,"maximum":2})", "2.1", {" value_out_of_range"}},
      {R"({"exclusiveMinimum":0})", "0", {" value_out_of_range"}},
      {R"({"exclusiveMaximum":5})", "5", {" value_out_of_range"}},
      {R"({"exclusiveMaximum":5})", "4.9", {}},
      {R"({"minimum":1})", "\"not a number\"", {}},
      {R"({"multipleOf":0.1})", "0.3", {}},
      {R"({"multipleOf":0.1})", "0.35", {" not_valid"}},
      {R"({"enum":["a",1]})", "1.0", {}},
      {R"({"enum":["a",1]})", "\"b\"", {" not_in_enum"}},
      {R"({"const":"a"})", "\"b\"", {" not_in_enum"}},
      {R"({"items":{"type":"integer"},"minItems":1,"maxItems":3})", "[1,2]", {}},
      {R"({"items":{"type":"integer"},"minItems":1,"maxItems":3})",
       "[1,\"x\",null]",
       {"/1 wrong_type", "/2 wrong_type"}},
      {R"({"minItems":1})", "[]", {" wrong_length"}},
      {R"({"maxItems":1})", "[1,2]", {" wrong_length"}},
      {R"({"minLength":2,"maxLength":3})", "\"\u00e9\u00e9\u00e9\"", {}},
      {R"({"minLength":2,"maxLength":3})", "\"a\"", {" wrong_length"}},
      {R"({"pattern":"^[a-z]+$"})", "\"abc\"", {}},
      {R"({"pattern":"^[a-z]+$"})", "\"aBc\"", {" invalid_format"}},
      {R"({"pattern":"b"})", "\"abc\"", {}},
      {R"({"minProperties":1})", "{}", {" wrong_length"}},
      {R"({"maxProperties":1})", R"({"a":1,"b":2})", {" wrong_length"}},
      {R"({"additionalProperties":{"type":"string"}})", R"({"a":"x","b":2})", {"/b wrong_type"}},
      {R"({"allOf":[{"minimum":1},{"maximum":3}]})", "5", {" value_out_of_range"}},
      {"true", "[1]", {}},
      {"false", "[1]", {" not_valid"}},
      {"{}", "{\"any\":[null]}", {}},
  };
  for (const Case& c : cases) {
    const auto schema = JsonSchema::make(json(c.schema));
    ASSERT_TRUE(schema) << c.schema << schema.error().detail;
    FieldErrors errors;
    schema->validate(json(c.value), "", errors);
    EXPECT_EQ(faults(errors), c.faults) << c.schema << " " << c.value;
  }
}

constexpr std::string_view start_schema = R"({
  "type":"object","additionalProperties":false,"required":["motor_id","mode"],
  "properties":{
    "motor_id":{"type":"string","minLength":1},
    "mode":{"enum":["speed","torque"]},
    "dt":{"type":"number","exclusiveMinimum":0,"maximum":0.1},
    "pid":{"type":"object","properties":{"kp":{"type":"number"}},"additionalProperties":false},
    "note":{"anyOf":[{"type":"string","maxLength":5},{"type":"null"}]}}})";

TEST(JsonSchema, CollectsAllFaultsOfABody) {
  const auto schema = JsonSchema::make(json(start_schema));
  ASSERT_TRUE(schema);
  FieldErrors errors;
  schema->validate(json(R"({"mode":"sped","dt":0.5,"pid":{"kp":"x","ki":1},"note":"too long","moter_id":"a"})"), "",
                   errors);
  EXPECT_EQ(faults(errors),
            (Faults{"/motor_id missing", "/mode not_in_enum", "/dt value_out_of_range", "/pid/kp wrong_type",
                    "/pid/ki unknown_key", "/note wrong_length", "/moter_id unknown_key"}));
  EXPECT_EQ(errors[2].min, 0.0);
  EXPECT_EQ(errors[2].max, 0.1);
  EXPECT_EQ(errors[2].input, "0.5");
  EXPECT_EQ(errors.back().detail, "unknown key \"moter_id\"; did you mean \"motor_id\"?");
}

TEST(JsonSchema, IgnoresUnknownKeysWhereAsked) {
  const auto schema = JsonSchema::make(json(start_schema));
  FieldErrors errors;
  schema->validate(json(R"({"motor_id":"a","mode":"speed","pid":{"ki":1},"extra":1})"), "", errors,
                   UnknownKeys::ignored);
  EXPECT_EQ(faults(errors), Faults{});
}

TEST(JsonSchema, TellsTheFaultsOfTheBranchThatComesNearest) {
  const auto schema = JsonSchema::make(
      json(R"({"anyOf":[{"type":"null"},{"type":"array","items":{"type":"number"}},{"type":"number","maximum":3}]})"));
  const std::pair<std::string_view, Faults> cases[] = {
      {"null", {}},
      {"2", {}},
      {"[1]", {}},
      {"4", {" value_out_of_range"}},
      {"[1,\"x\"]", {"/1 wrong_type"}},
      {"\"x\"", {" wrong_type"}},
  };
  for (const auto& [value, expected] : cases) {
    FieldErrors errors;
    schema->validate(json(value), "", errors);
    EXPECT_EQ(faults(errors), expected) << value;
  }
  FieldErrors errors;
  schema->validate(json("\"x\""), "", errors);
  EXPECT_EQ(errors.at(0).detail, "null or a number or an array is needed");
}

TEST(JsonSchema, WantsExactlyOneOfOneOf) {
  const auto schema = JsonSchema::make(json(R"({"oneOf":[{"minimum":1},{"maximum":5},{"type":"null"}]})"));
  for (const auto& [value, expected] :
       {std::pair<std::string_view, Faults>{"0", {}}, {"9", {}}, {"3", {" not_valid"}}}) {
    FieldErrors errors;
    schema->validate(json(value), "", errors);
    EXPECT_EQ(faults(errors), expected) << value;
  }
}

TEST(JsonSchema, FollowsReferencesInsideAndOutside) {
  const auto resolve = [](std::string_view reference) -> std::optional<Value> {
    if (reference == "sim:motor/speed") return json(R"({"type":"number","minimum":0,"maximum":100})");
    if (reference == "sim:motor/alias") return json(R"({"$ref":"sim:motor/speed"})");
    if (reference == "sim:motor/loop") return json(R"({"$ref":"sim:motor/loop"})");
    return std::nullopt;
  };
  const auto schema = JsonSchema::make(json(R"({"$defs":{"list":{"type":"array","items":{"$ref":"#/$defs/one"}},
      "one":{"type":"integer"}},"properties":{"l":{"$ref":"#/$defs/list"},
      "s":{"$ref":"sim:motor/alias","maximum":50}}})"),
                                       resolve);
  ASSERT_TRUE(schema) << schema.error().detail;
  FieldErrors errors;
  schema->validate(json(R"({"l":[1,2.5],"s":70})"), "", errors);
  EXPECT_EQ(faults(errors), (Faults{"/l/1 wrong_type", "/s value_out_of_range"}));
  EXPECT_EQ(errors.at(1).max, 50.0);
  EXPECT_FALSE(JsonSchema::make(json(R"({"$ref":"sim:motor/loop"})"), resolve));
  EXPECT_FALSE(JsonSchema::make(json(R"({"$ref":"sim:motor/none"})"), resolve));
  EXPECT_FALSE(JsonSchema::make(json(R"({"$ref":"sim:motor/speed"})")));
  EXPECT_FALSE(JsonSchema::make(json(R"({"properties":{"a":{"$ref":"#"}}})")));
}

TEST(JsonSchema, RefusesSchemasItCannotHold) {
  for (const char* text :
       {R"({"patternProperties":{}})", R"({"typ":"number"})", R"({"type":"float"})", R"({"minimum":"1"})",
        R"({"pattern":"["})", R"({"required":"a"})", R"({"properties":[]})", R"({"minItems":-1})", R"({"enum":[]})",
        R"({"anyOf":[]})", R"({"items":3})", "[]", R"({"multipleOf":0})", R"({"properties":{"a":{"not":{}}}})"}) {
    const auto schema = JsonSchema::make(json(text));
    ASSERT_FALSE(schema) << text;
    EXPECT_EQ(schema.error().code, "plugin_bad_descriptor");
    EXPECT_FALSE(schema.error().errors.empty());
  }
}

TEST(JsonSchema, BoundsNestingAndFaults) {
  std::string deep = "{}";
  for (int i = 0; i < 25; ++i) deep = R"({"items":)" + deep + "}";
  EXPECT_TRUE(JsonSchema::make(json(deep)));
  const auto schema = JsonSchema::make(json(R"({"items":{"type":"string"}})"));
  FieldErrors errors;
  schema->validate(Value(Array(100'000, Value(1))), "", errors);
  EXPECT_EQ(errors.size(), 64U);
}

constexpr std::string_view query_schema = R"({"type":"object","additionalProperties":false,"required":["id"],
  "properties":{"id":{"type":"string"},"limit":{"type":"integer","minimum":1,"maximum":100},
  "rate":{"anyOf":[{"type":"number"},{"type":"null"}]},"live":{"type":"boolean"},
  "names":{"type":"array","items":{"type":"string"}},"ids":{"type":"array","items":{"type":"integer"}}}})";

TEST(JsonSchema, ConvertsQueryTexts) {
  const auto schema = JsonSchema::make(json(query_schema));
  ASSERT_TRUE(schema);
  FieldErrors errors;
  const Value value = schema->convert(
      {{"id", "12"}, {"limit", "5"}, {"rate", "0.5"}, {"live", "1"}, {"names", "a,b"}, {"names", "c"}, {"ids", "3,4"}},
      errors);
  EXPECT_EQ(faults(errors), Faults{});
  EXPECT_EQ(to_json(value), R"({"id":"12","limit":5,"rate":0.5,"live":true,"names":["a","b","c"],"ids":[3,4]})");
}

TEST(JsonSchema, NamesFaultyQueryTexts) {
  const auto schema = JsonSchema::make(json(query_schema));
  FieldErrors errors;
  schema->convert({{"limit", "500"}, {"live", "maybe"}, {"ids", "3,x"}, {"limt", "1"}, {"live", "1"}}, errors);
  EXPECT_EQ(faults(errors), (Faults{"?live duplicate_key", "?id missing", "?limit value_out_of_range",
                                    "?live wrong_type", "?ids/1 wrong_type", "?limt unknown_key"}));
  errors.clear();
  schema->convert({{"id", "a"}, {"limt", "1"}, {"limt", "2"}}, errors, UnknownKeys::ignored);
  EXPECT_EQ(faults(errors), Faults{});
}

}  // namespace
}  // namespace simhost
