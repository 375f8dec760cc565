// JSON in and out: what is read, what is refused and where, and that what is written reads back equal.
#include <host/base/json.hpp>

#include <bit>
#include <cmath>
#include <limits>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace simhost {
namespace {

using std::string_literals::operator""s;
using ::testing::HasSubstr;

std::string round_trip(std::string_view text) {
  const Result<Value> value = parse_json(text);
  return value ? to_json(*value) : value.error().code;
}

std::string code_of(std::string_view text) {
  const Result<Value> value = parse_json(text);
  return value ? "accepted" : value.error().code;
}

TEST(Json, ReadsEveryKindOfValue) {
  const auto value = parse_json(R"( {"a":[null,true,false,-7,2.5,"x\u00e9\n"],"b":{}} )");
  ASSERT_TRUE(value);
  EXPECT_EQ(to_json(*value), "{\"a\":[null,true,false,-7,2.5,\"x\u00e9\\n\"],\"b\":{}}");
}

struct NumberCase {
  std::string_view text;
  Value::Kind kind;
  std::string_view written;
};

TEST(Json, KeepsIntegersExactAndMakesTheRestNumbers) {
  using Kind = Value::Kind;
  const NumberCase cases[] = {
      {"0", Kind::integer, "0"},
      {"-0", Kind::number, "-0.0"},
      {"1.0", Kind::number, "1.0"},
      {"9007199254740993", Kind::integer, "9007199254740993"},
      {"9223372036854775807", Kind::integer, "9223372036854775807"},
      {"-9223372036854775808", Kind::integer, "-9223372036854775808"},
      {"9223372036854775808", Kind::number, "9.223372036854776e+18"},
      {"-9223372036854775809", Kind::number, "-9.223372036854776e+18"},
      {"18446744073709551616", Kind::number, "1.8446744073709552e+19"},
      {"1e2", Kind::number, "100.0"},
      {"0.1", Kind::number, "0.1"},
      {"1E-5", Kind::number, "1e-05"},
      {"1.7976931348623157e308", Kind::number, "1.7976931348623157e+308"},
      {"5e-324", Kind::number, "5e-324"},
      {"1e-400", Kind::number, "0.0"},
      {"0.01e-9223372036854775808", Kind::number, "0.0"},
      {"-1e-99999999999999999999", Kind::number, "-0.0"},
      {"2.2250738585072011e-308", Kind::number, "2.225073858507201e-308"},
      {"0.500000000000000166533453693773481063544750213623046875", Kind::number, "0.5000000000000002"},
  };
  for (const NumberCase& c : cases) {
    const auto value = parse_json(c.text);
    ASSERT_TRUE(value) << c.text;
    EXPECT_EQ(value->kind(), c.kind) << c.text;
    EXPECT_EQ(to_json(*value), c.written) << c.text;
  }
}

TEST(Json, RefusesWhatIsNoJson) {
  const std::string cases[] = {
      "",
      " ",
      "nul",
      "NaN",
      "Infinity",
      "-Infinity",
      "-",
      "+1",
      "01",
      "1.",
      ".5",
      "1e",
      "0x10",
      "1e400",
      "1e9223372036854775807",
      "12e9223372036854775807",
      "-1.8e308",
      std::string(400, '9'),
      "'a'",
      "\"a",
      "\"\t\"",
      "\"\\x\"",
      "\"\\u12g4\"",
      "\"\\ud800\"",
      "\"\\udc00\"",
      "{\"a\\ud800\":1}",
      "\"\\ud800\\u0041\"",
      "[1,]",
      "[1 2]",
      "[",
      "]",
      "{",
      "{\"a\"}",
      "{\"a\":1,}",
      "{1:2}",
      "{} {}",
      "1 2",
      "[1]x",
      "// c\n1",
      "\xef\xbb\xbf{}",
      "\"\xff\"",
      "\"\xc0\x80\"",
      "\"\xed\xa0\x80\"",
      "\"\xf4\x90\x80\x80\"",
      "\"\xe2\x82\"",
      "1\0"s,
      "\"a\0b\""s,
      "[1]\0[2]"s,
      "{\"a\":1}\0"s,
  };
  for (const std::string& text : cases) EXPECT_EQ(code_of(text), "invalid_json") << text;
}

TEST(Json, AcceptsEscapedNulAndSurrogatePairs) {
  EXPECT_EQ(round_trip(R"("a\u0000b")"), R"("a\u0000b")");
  EXPECT_EQ(round_trip(R"("\ud83d\ude00")"), "\"\xf0\x9f\x98\x80\"");
  EXPECT_EQ(round_trip(R"("\/\b\f\r\t\\\"")"), R"("/\b\f\r\t\\\"")");
}

TEST(Json, AllowsSixtyFourLevelsAndNoMore) {
  const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  EXPECT_EQ(round_trip(nested(64)), nested(64));
  EXPECT_EQ(code_of(nested(65)), "too_deep");
}

TEST(Json, SurvivesHundredsOfThousandsOfBrackets) {
  EXPECT_EQ(code_of(std::string(200'000, '[')), "too_deep");
  std::string objects;
  for (int i = 0; i < 200'000; ++i) objects += "{\"a\":";
  EXPECT_EQ(code_of(objects), "too_deep");
}

TEST(Json, NamesTheDuplicateKeyAndItsPlace) {
  const auto value = parse_json("{\"a\":[{\"x\":1,\n  \"y\":2, \"x\":3}]}");
  ASSERT_FALSE(value);
  EXPECT_EQ(value.error().code, "duplicate_key");
  EXPECT_THAT(value.error().detail, HasSubstr("line 2, column 10"));
  ASSERT_EQ(value.error().errors.size(), 1U);
  EXPECT_EQ(value.error().errors[0].pointer, "/a/0/x");
}

TEST(Json, FindsDuplicatesAmongEscapedAndAmongManyKeys) {
  EXPECT_EQ(code_of(R"({"a":1,"\u0061":2})"), "duplicate_key");
  std::string many = "{";
  for (int i = 0; i < 50'000; ++i) many += "\"k" + std::to_string(i) + "\":1,";
  EXPECT_EQ(code_of(many + "\"z\":1}"), "accepted");
  EXPECT_EQ(code_of(many + "\"k49999\":1}"), "duplicate_key");
  EXPECT_EQ(code_of(many + "\"k3\":1}"), "duplicate_key");
}

struct PlaceCase {
  std::string_view text;
  std::string_view place;
  std::string_view pointer;
};

TEST(Json, SaysWhereAnErrorStands) {
  const PlaceCase cases[] = {
      {"{\n  \"a\": tru\n}", "line 2, column 11", "/a"},
      {"[1, 2,\n 3 4]", "line 2, column 4", "/3"},
      {"{\"a/b\":{\"~\":[0,@]}}", "line 1, column 16", "/a~1b/~0/1"},
      {"\"\xc3\xa9\xc3\xa9\" x", "line 1, column 6", ""},
      {"[1, 1e999]", "line 1, column", "/1"},
  };
  for (const PlaceCase& c : cases) {
    const auto value = parse_json(c.text);
    ASSERT_FALSE(value) << c.text;
    EXPECT_THAT(value.error().detail, HasSubstr(std::string(c.place))) << c.text;
    EXPECT_EQ(value.error().errors.at(0).pointer, c.pointer) << c.text;
  }
}

TEST(Json, MarksTheLineAndColumnOfEveryPart) {
  const auto located = parse_located_json("{ \"http\" :\n  { \"port\": 80, \"hosts\": [\"a\",\n \"b\"] } , \"x\":{} }");
  ASSERT_TRUE(located);
  const auto place = [&](const char* pointer) {
    const JsonMark& mark = located->marks.at(pointer);
    return std::to_string(mark.key.line) + ":" + std::to_string(mark.key.column) + " " +
           std::to_string(mark.value.line) + ":" + std::to_string(mark.value.column);
  };
  EXPECT_EQ(located->marks.size(), 7U);
  EXPECT_EQ(place(""), "1:1 1:1");
  EXPECT_EQ(place("/http"), "1:3 2:3");
  EXPECT_EQ(place("/http/port"), "2:5 2:13");
  EXPECT_EQ(place("/http/hosts"), "2:17 2:26");
  EXPECT_EQ(place("/http/hosts/1"), "3:2 3:2");
  EXPECT_EQ(place("/x"), "3:11 3:15");
}

TEST(Json, WritesDoublesThatReadBackEqual) {
  std::mt19937_64 random(7);
  for (int i = 0; i < 20'000; ++i) {
    const double number = std::bit_cast<double>(random());
    if (!std::isfinite(number)) continue;
    std::string text;
    append_json_number(text, number);
    const auto value = parse_json(text);
    ASSERT_TRUE(value) << text;
    ASSERT_EQ(value->kind(), Value::Kind::number) << text;
    ASSERT_EQ(std::bit_cast<std::uint64_t>(value->number()), std::bit_cast<std::uint64_t>(number)) << text;
  }
}

TEST(Json, WritesNumbersAsPeopleWouldAndNeverNaN) {
  const std::pair<double, std::string_view> cases[] = {
      {0.0, "0.0"},
      {2000, "2000.0"},
      {1e15, "1000000000000000.0"},
      {1e16, "1e+16"},
      {1e-4, "0.0001"},
      {1e-5, "1e-05"},
      {0.1 + 0.2, "0.30000000000000004"},
      {std::numeric_limits<double>::quiet_NaN(), "null"},
      {std::numeric_limits<double>::infinity(), "null"},
  };
  for (const auto& [number, text] : cases) {
    std::string out;
    append_json_number(out, number);
    EXPECT_EQ(out, text);
  }
}

TEST(Json, WritesPrettyTextThatReadsBackEqual) {
  const auto value = parse_json(R"({"a":[1,{"b":[]}],"c":{}})");
  ASSERT_TRUE(value);
  EXPECT_EQ(to_pretty_json(*value), "{\n  \"a\": [\n    1,\n    {\n      \"b\": []\n    }\n  ],\n  \"c\": {}\n}\n");
  EXPECT_EQ(parse_json(to_pretty_json(*value)).value(), *value);
}

}  // namespace
}  // namespace simhost
