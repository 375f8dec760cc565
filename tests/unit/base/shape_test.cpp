// Readers of requests: what they take, every fault they find, and the one error made of them.
#include <host/base/shape.hpp>

#include <array>

#include <gtest/gtest.h>

#include <host/base/codes.hpp>
#include <host/base/json.hpp>
#include <host/base/nearest.hpp>
#include <host/base/query_reader.hpp>
#include <host/base/utf8.hpp>

namespace simhost {
namespace {

Value json(std::string_view text) { return parse_json(text).value(); }

// "pointer code" of each fault, in order.
std::vector<std::string> faults(const FieldErrors& errors) {
  std::vector<std::string> out;
  for (const FieldError& error : errors) out.push_back(error.pointer + " " + error.code);
  return out;
}

using Faults = std::vector<std::string>;

TEST(ObjectReader, TakesWhatItKnows) {
  const Value body = json(R"({"rate":2,"lanes":3.0,"start":true,"name":"dyno-1","mode":"free","pace":{},"list":[1]})");
  FieldErrors errors;
  ObjectReader r(body, "", errors);
  EXPECT_EQ(r.number("rate", {.min = 0.001, .max = 1000}), 2.0);
  EXPECT_EQ(r.integer("lanes", {.min = 1}), 3);
  EXPECT_EQ(r.boolean("start"), true);
  EXPECT_EQ(r.name("name"), "dyno-1");
  EXPECT_EQ(r.choice("mode", {"realtime", "free", "manual"}), 1U);
  EXPECT_NE(r.object("pace"), nullptr);
  EXPECT_NE(r.array("list", 1), nullptr);
  EXPECT_EQ(r.text("absent"), std::nullopt);
  r.finish();
  EXPECT_EQ(faults(errors), Faults{});
  EXPECT_TRUE(r.ok());
}

TEST(ObjectReader, CollectsEveryFaultWithItsPlace) {
  const Value body = json(R"({"rate":0,"lanes":1.5,"start":1,"name":"A b","mode":"fast","pace":[],"list":[1,2],
                              "lnaes":1,"stop":null,"text":""})");
  FieldErrors errors;
  ObjectReader r(body, "/a", errors);
  r.require("model");
  r.require("lanes");
  EXPECT_EQ(r.number("rate", {.max = 1000, .above = 0}), std::nullopt);
  EXPECT_EQ(r.integer("lanes"), std::nullopt);
  EXPECT_EQ(r.boolean("start"), std::nullopt);
  EXPECT_EQ(r.name("name"), std::nullopt);
  EXPECT_EQ(r.choice("mode", {"realtime", "free"}), std::nullopt);
  EXPECT_EQ(r.object("pace"), nullptr);
  EXPECT_EQ(r.array("list", 1), nullptr);
  EXPECT_EQ(r.number("stop"), std::nullopt);
  EXPECT_EQ(r.text("text", {.min_chars = 1}), std::nullopt);
  r.finish();
  EXPECT_FALSE(r.ok());
  EXPECT_EQ(faults(errors),
            (Faults{"/a/model missing", "/a/rate value_out_of_range", "/a/lanes wrong_type", "/a/start wrong_type",
                    "/a/name invalid_format", "/a/mode not_in_enum", "/a/pace wrong_type", "/a/list wrong_length",
                    "/a/stop wrong_type", "/a/text wrong_length", "/a/lnaes unknown_key"}));
  EXPECT_EQ(errors[1].min, 0.0);
  EXPECT_EQ(errors[1].max, 1000.0);
  EXPECT_EQ(errors[1].input, "0");
  EXPECT_EQ(errors[1].detail, "the value must be above 0 and at most 1000");
  EXPECT_EQ(errors[5].detail, "one of these is needed: realtime free");
  EXPECT_EQ(errors.back().detail, "unknown key \"lnaes\"; did you mean \"lanes\"?");
}

TEST(ObjectReader, RefusesWhatIsNoObject) {
  FieldErrors errors;
  const Value body = json("[1]");
  ObjectReader r(body, "", errors);
  r.require("model");
  EXPECT_EQ(r.text("model"), std::nullopt);
  r.finish();
  EXPECT_EQ(faults(errors), Faults{" wrong_type"});
}

TEST(ObjectReader, TellsNullFromAbsent) {
  FieldErrors errors;
  const Value body = json(R"({"name":null})");
  ObjectReader r(body, "", errors);
  EXPECT_TRUE(r.is_null("name"));
  EXPECT_FALSE(r.is_null("other"));
  r.finish();
  EXPECT_TRUE(r.ok());
}

TEST(ObjectReader, CountsCharactersNotBytes) {
  FieldErrors errors;
  const Value body = Value::object({{"t", "\xc3\xa9\xc3\xa9\xc3\xa9"}});
  ObjectReader r(body, "", errors);
  EXPECT_TRUE(r.text("t", {.max_chars = 3}));
  EXPECT_FALSE(r.text("t", {.max_chars = 2}));
}

TEST(ObjectReader, KeepsIntegersWithinTheirRange) {
  struct Case {
    std::string_view text;
    std::optional<std::int64_t> value;
    std::string_view code;
  };
  const Case cases[] = {
      {"0", 0, ""},
      {"10", 10, ""},
      {"11", {}, "value_out_of_range"},
      {"-1", {}, "value_out_of_range"},
      {"1e300", {}, "wrong_type"},
      {"9223372036854775808", {}, "wrong_type"},
      {"\"5\"", {}, "wrong_type"},
      {"true", {}, "wrong_type"},
      {"-0.0", 0, ""},
  };
  for (const Case& c : cases) {
    FieldErrors errors;
    EXPECT_EQ(read_integer(json(c.text), {.min = 0, .max = 10}, "", errors), c.value) << c.text;
    EXPECT_EQ(errors.empty() ? "" : errors[0].code, c.code) << c.text;
  }
}

TEST(Validation, TakesTheCodeOfTheOnlyFault) {
  FieldErrors errors;
  add_missing(errors, "", "model");
  const Error one = validation_failed(errors);
  EXPECT_EQ(one.code, "missing");
  EXPECT_EQ(status_of(one), 422);
  EXPECT_EQ(one.detail, "\"model\" is needed");
  add_missing(errors, "/pace", "mode");
  const Error two = validation_failed(errors);
  EXPECT_EQ(two.code, "validation_failed");
  EXPECT_EQ(status_of(two), 422);
  EXPECT_EQ(two.errors.size(), 2U);
}

TEST(Validation, IsABadRequestInAQuery) {
  FieldErrors errors;
  add_error(errors, {.pointer = "?limit", .code = "value_out_of_range", .detail = "x"});
  EXPECT_EQ(status_of(validation_failed(errors, Place::query)), 400);
  add_error(errors, {.pointer = "?after", .code = "not_valid", .detail = "x"});
  EXPECT_EQ(status_of(validation_failed(errors, Place::query)), 400);
}

TEST(Validation, ListsSixtyFourFaultsAtMost) {
  Value body{Object{}};
  for (int i = 0; i < 200; ++i) body.members().push_back(Member{"k" + std::to_string(i), 1});
  FieldErrors errors;
  ObjectReader r(body, "", errors);
  r.finish();
  EXPECT_FALSE(r.ok());
  const Error error = validation_failed(errors);
  EXPECT_EQ(error.errors.size(), 64U);
  EXPECT_EQ(error.code, "validation_failed");
}

TEST(Validation, QuotesOnlyShortInput) {
  EXPECT_EQ(quoted_input(json(R"({"a":[1,"x"]})")), R"({"a":[1,"x"]})");
  EXPECT_EQ(quoted_input(Value(std::string(2000, 'x'))), "");
  EXPECT_EQ(quoted_input(Value(Array(100'000, Value(1)))), "");
}

TEST(Validation, EscapesNamesInPointers) {
  FieldErrors errors;
  const Value body = json(R"({"a/b~c":1})");
  ObjectReader r(body, "", errors);
  r.finish();
  EXPECT_EQ(faults(errors), Faults{"/a~1b~0c unknown_key"});
}

TEST(QueryReader, ReadsTypesAndCollectsFaults) {
  const TextPairs query = {{"limit", "20"}, {"force", "true"}, {"from_s", "1.5e1"}, {"state", "paused"}};
  FieldErrors errors;
  QueryReader q(query, errors);
  EXPECT_EQ(q.integer("limit", {.min = 1, .max = 1000}), 20);
  EXPECT_EQ(q.boolean("force"), true);
  EXPECT_EQ(q.number("from_s"), 15.0);
  EXPECT_EQ(q.choice("state", std::to_array<std::string_view>({"ready", "paused"})), 1U);
  EXPECT_EQ(q.text("after"), nullptr);
  q.finish();
  EXPECT_TRUE(errors.empty());
}

TEST(QueryReader, NamesUnknownDoubleAndFaultyParameters) {
  const TextPairs query = {{"limit", "0"}, {"force", "yes"}, {"from_s", "nan"},
                           {"limt", "1"},  {"limit", "2"},   {"n", ""}};
  FieldErrors errors;
  QueryReader q(query, errors);
  EXPECT_EQ(q.integer("limit", {.min = 1, .max = 1000}), std::nullopt);
  EXPECT_EQ(q.boolean("force"), std::nullopt);
  EXPECT_EQ(q.number("from_s"), std::nullopt);
  EXPECT_EQ(q.integer("n"), std::nullopt);
  q.finish();
  EXPECT_EQ(faults(errors), (Faults{"?limit value_out_of_range", "?force wrong_type", "?from_s wrong_type",
                                    "?n wrong_type", "?limt unknown_key", "?limit duplicate_key"}));
  EXPECT_EQ(errors[4].detail, "unknown parameter \"limt\"; did you mean \"limit\"?");
}

TEST(QueryReader, SplitsLists) {
  using Parts = std::vector<std::string_view>;
  EXPECT_EQ(split_list("a,b"), (Parts{"a", "b"}));
  EXPECT_EQ(split_list("a"), Parts{"a"});
  EXPECT_EQ(split_list(""), Parts{});
  EXPECT_EQ(split_list(",a,,"), (Parts{"", "a", "", ""}));
}

TEST(Nearest, FindsTheNameThatWasMeant) {
  const auto known = std::to_array<std::string_view>({"lanes", "step_s", "speed_rpm", "name", "rate_hz", "pace"});
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"lnaes", "lanes"}, {"lane", "lanes"},     {"Lanes", "lanes"}, {"step-s", "step_s"}, {"speed", "speed_rpm"},
      {"nam", "name"},    {"ratehz", "rate_hz"}, {"pacee", "pace"},  {"xyzzy", ""},        {"", ""},
      {"k", ""},
  };
  for (const auto& [word, expected] : cases) EXPECT_EQ(nearest_name(word, known).value_or(""), expected) << word;
  EXPECT_EQ(nearest_name(std::string(100'000, 'a'), known), std::nullopt);
  for (std::size_t before = 60; before < 64; ++before)
    EXPECT_TRUE(is_utf8(unknown_name_text("key", std::string(before, 'a') + "\xf0\x9f\x98\x80 and more", known)));
}

}  // namespace
}  // namespace simhost
