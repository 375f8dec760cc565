/// The SDK's JSON writer.
#include <sim/cpp/json.hpp>
#include <sim/cpp/wall.hpp>

#include <gtest/gtest.h>

#include <bit>
#include <cstdlib>
#include <limits>

namespace {

template <class F>
std::string written(F write) {
  std::string text;
  sim::Json json(text);
  write(json);
  EXPECT_TRUE(json.ok());
  return text;
}

TEST(Json, PutsCommasWhereTheyBelong) {
  EXPECT_EQ(written([](sim::Json& j) {
              j.object().member("a", 1).key("b").array().value(true).null().object().end().array().end().end();
              j.member("c", "x").end();
            }),
            R"({"a":1,"b":[true,null,{},[]],"c":"x"})");
}

TEST(Json, KeepsFloatsFloatsWhereAsked) {
  EXPECT_EQ(written([](sim::Json& j) { j.array().real(48).real(-0.5).real(1e-7).real(1700000000.123456).end(); }),
            "[48.0,-0.5,1e-07,1700000000.123456]");
  EXPECT_EQ(written([](sim::Json& j) { j.object().real("a", 0).end(); }), R"({"a":0.0})");
}

TEST(WallTime, IsIsoInUtcWithoutAZeroFraction) {
  EXPECT_EQ(sim::iso_time(0), "1970-01-01T00:00:00Z");
  EXPECT_EQ(sim::iso_time(1'700'000'000'123'456'789), "2023-11-14T22:13:20.123456Z");
  EXPECT_EQ(sim::iso_time(1'700'000'000'000'001'000, ' '), "2023-11-14 22:13:20.000001Z");
  EXPECT_EQ(sim::unix_s(1'700'000'000'123'456'789), 1700000000.123456);
}

TEST(Json, WritesNumbersThatReadBackToTheSameBits) {
  for (double x : {0.1, 1.0 / 3, 5e-324, 1.7976931348623157e308, -0.0, 1e21, 123456789012345680.0}) {
    const std::string text = written([&](sim::Json& j) { j.value(x); });
    EXPECT_EQ(std::bit_cast<std::uint64_t>(std::strtod(text.c_str(), nullptr)), std::bit_cast<std::uint64_t>(x))
        << text;
  }
  EXPECT_EQ(written([](sim::Json& j) { j.value(0.1); }), "0.1");
  EXPECT_EQ(written([](sim::Json& j) { j.value(std::uint64_t{18446744073709551615u}); }), "18446744073709551615");
  EXPECT_EQ(written([](sim::Json& j) { j.value(std::int64_t{-9223372036854775807 - 1}); }), "-9223372036854775808");
}

TEST(Json, EscapesWhatMayNotStandInAString) {
  EXPECT_EQ(written([](sim::Json& j) { j.value(std::string("a\"b\\c\n\t\r\x01/\x7f é\0z", 16)); }),
            "\"a\\\"b\\\\c\\n\\t\\r\\u0001/\x7f é\\u0000z\"");
  EXPECT_EQ(written([](sim::Json& j) { j.object().member("k\"", std::string_view("v")).end(); }), R"({"k\"":"v"})");
}

TEST(Json, TurnsWhatIsNotFiniteIntoNullAndSaysSo) {
  std::string text;
  sim::Json json(text);
  json.array().value(std::numeric_limits<double>::quiet_NaN()).value(std::numeric_limits<double>::infinity()).end();
  EXPECT_EQ(text, "[null,null]");
  EXPECT_FALSE(json.ok());
}

TEST(Json, FillsAFixedBufferAndNeverPassesItsEnd) {
  char buffer[12] = "###########";
  sim::Json fits(buffer, 7);
  fits.array().value(12).value(345).end();
  EXPECT_FALSE(fits.ok());
  EXPECT_EQ(fits.text(), "[12,345");
  EXPECT_EQ(buffer[7], '#');
  sim::Json exact(buffer, 8);
  exact.array().value(12).value(345).end();
  EXPECT_TRUE(exact.ok());
  EXPECT_EQ(exact.text(), "[12,345]");
}

TEST(Json, RefusesAnEndTooManyAndEndlessNesting) {
  std::string text;
  sim::Json json(text);
  json.object().end().end();
  EXPECT_FALSE(json.ok());
  std::string deep;
  sim::Json nested(deep);
  for (int i = 0; i < 65; ++i) nested.array();
  EXPECT_FALSE(nested.ok());
}

}  // namespace
