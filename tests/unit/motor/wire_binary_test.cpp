// Binary frames of the motor, byte by byte.
#include <gtest/gtest.h>

#include <string>

#include <plugins/bldc_motor/wire_binary.hpp>

namespace bldc_motor {
namespace {

std::string hex(std::span<const std::byte> bytes) {
  std::string text;
  for (const std::byte byte : bytes) {
    text += "0123456789abcdef"[std::to_integer<int>(byte) >> 4];
    text += "0123456789abcdef"[std::to_integer<int>(byte) & 15];
  }
  return text;
}

std::vector<std::byte> bytes_of(std::string_view text) {
  std::vector<std::byte> bytes;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2)
    bytes.push_back(static_cast<std::byte>(std::stoi(std::string(text.substr(i, 2)), nullptr, 16)));
  return bytes;
}

TEST(MotorFrame, IsTheGoldenVector) {
  const DataSlots slots{1234567890.123, 1500.5, 5.25, 30.2, 47.8, 0.891, 785.3, 65.2};
  EXPECT_EQ(hex(data_frame(1'234'567'890'123'000'000, slots)),
            "00010020"
            "71fb04cb"
            "4e932c06"
            "44bb9000"
            "40a80000"
            "41f1999a"
            "423f3333"
            "3f641893"
            "44445333"
            "42826666");
}

TEST(MotorFrame, WrapsItsClockAtTwoToThe32Milliseconds) {
  const std::int64_t wrap_ns = (std::int64_t{1} << 32) * 1'000'000;
  EXPECT_EQ(hex(data_frame(wrap_ns + 7'000'000, {})).substr(8, 8), "00000007");
  EXPECT_EQ(hex(data_frame(wrap_ns - 1'000'000, {})).substr(8, 8), "ffffffff");
}

TEST(MotorFrame, CarriesJsonForErrorsAndStatus) {
  EXPECT_EQ(hex(json_frame(FrameType::error, 5'000'000, R"({"a":1})")),
            "00030007"
            "00000005"
            "7b2261223a317d");
  EXPECT_EQ(hex(json_frame(FrameType::status, 0, "{}")),
            "00040002"
            "00000000"
            "7b7d");
}

TEST(MotorFrame, RefusesJsonLongerThanItsLengthCanSay) {
  EXPECT_EQ(json_frame(FrameType::error, 0, std::string(65535, 'x')).size(), 65543u);
  EXPECT_TRUE(json_frame(FrameType::error, 0, std::string(65536, 'x')).empty());
}

TEST(MotorFrame, ReadsAControlUpdate) {
  const char* why = "";
  const auto control = read_control_frame(bytes_of("0002000c"
                                                   "00000000"
                                                   "44fa0000"
                                                   "42480000"
                                                   "3f800000"),
                                          why);
  ASSERT_TRUE(control) << why;
  EXPECT_EQ(control->target_speed_rpm, 2000);
  EXPECT_EQ(control->load_torque_percent, 50);
  EXPECT_TRUE(control->enable_pid);
}

TEST(MotorFrame, TakesHalfForNo) {
  const char* why = "";
  EXPECT_FALSE(read_control_frame(bytes_of("0002000c"
                                           "00000000"
                                           "00000000"
                                           "00000000"
                                           "3f000000"),
                                  why)
                   ->enable_pid);
}

TEST(MotorFrame, SaysWhatIsWrongWithOther) {
  for (const char* bad : {"", "0002000c",
                          "0002000c"
                          "00000000"
                          "44fa0000"
                          "42480000",
                          "0002000c"
                          "00000000"
                          "44fa0000"
                          "42480000"
                          "3f800000"
                          "00",
                          "00010020"
                          "00000000"
                          "44fa0000"
                          "42480000"
                          "3f800000"}) {
    const char* why = nullptr;
    EXPECT_FALSE(read_control_frame(bytes_of(bad), why)) << bad;
    EXPECT_NE(why, nullptr) << bad;
  }
}

}  // namespace
}  // namespace bldc_motor
