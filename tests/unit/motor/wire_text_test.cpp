// Numbers and times as the motor's clients read them.
#include <gtest/gtest.h>

#include <limits>

#include <plugins/bldc_motor/wire_text.hpp>

namespace bldc_motor {
namespace {

std::string written(double value) {
  std::string text;
  sim::Json json(text);
  put_real(json, value);
  return text;
}

TEST(MotorText, KeepsFloatsFloats) {
  EXPECT_EQ(written(48), "48.0");
  EXPECT_EQ(written(-6000), "-6000.0");
  EXPECT_EQ(written(0.08), "0.08");
  EXPECT_EQ(written(1e300), "1e+300");
  EXPECT_EQ(written(1.7e9), "1700000000.0");
  EXPECT_EQ(written(2.5e-7), "2.5e-07");
  EXPECT_EQ(written(0), "0.0");
}

TEST(MotorText, WritesNullForWhatIsNoNumberAndSaysSo) {
  std::string text;
  sim::Json json(text);
  put_real(json, std::numeric_limits<double>::quiet_NaN());
  EXPECT_EQ(text, "null");
  EXPECT_FALSE(json.ok());
}

TEST(MotorText, WritesTimesInUtcWithMicroseconds) {
  EXPECT_EQ(iso_time(1'234'567'890'123'456'789), "2009-02-13T23:31:30.123456Z");
  EXPECT_EQ(iso_time(951'782'400'000'000'000), "2000-02-29T00:00:00Z");
  EXPECT_EQ(iso_time(1'000'000'000'000'001'000), "2001-09-09T01:46:40.000001Z");
}

TEST(MotorText, WritesUnixSecondsToTheMicrosecond) {
  EXPECT_EQ(unix_s(1'234'567'890'123'456'789), 1234567890.123456);
  EXPECT_EQ(written(unix_s(1'700'000'000'000'000'000)), "1700000000.0");
}

}  // namespace
}  // namespace bldc_motor
