// Data messages of every mode and format against golden files. SIM_RENEW_GOLDEN=1 in the environment writes them anew.
#include <host/telemetry/encoder.hpp>

#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

#include <host/base/json.hpp>
#include <host/base/msgpack.hpp>
#include <tests/unit/telemetry/frames.hpp>

namespace simhost::telemetry {
namespace {

struct Case {
  const char* name;
  Mode mode;
  Columns columns;
  std::uint64_t gap;
};

std::vector<Case> cases() {
  return {{"latest", Mode::latest, latest_row(), 0},
          {"all", Mode::all, tick_rows(), 0},
          {"all_gap", Mode::all, tick_rows(), 17},
          {"minmax", Mode::minmax, spread_rows(), 0}};
}

std::string whole(const Case& c, Format format) {
  const auto message = encode(mixed_schema(), format, c.mode, c.columns.rows());
  return head_of(message, 7, c.gap) + message.body;
}

std::string golden_path(const Case& c, const char* suffix) {
  return std::string(SIM_GOLDEN_FOLDER) + "/" + c.name + suffix;
}

std::string golden(const std::string& path, const std::string& now) {
  if (std::getenv("SIM_RENEW_GOLDEN") != nullptr) std::ofstream(path, std::ios::binary) << now;
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(Encoder, WritesTheGoldenMessages) {
  for (const auto& c : cases())
    for (const auto& [format, suffix] :
         {std::pair{Format::json, ".json"}, {Format::msgpack, ".msgpack"}, {Format::binary, ".bin"}}) {
      const auto now = whole(c, format);
      EXPECT_EQ(now, golden(golden_path(c, suffix), now)) << c.name << suffix;
    }
}

TEST(Encoder, SaysTheSameInJsonAndInMessagePack) {
  for (const auto& c : cases()) {
    const auto json = parse_json(whole(c, Format::json));
    const auto msgpack = parse_msgpack(whole(c, Format::msgpack));
    ASSERT_TRUE(json && msgpack) << c.name;
    EXPECT_EQ(to_json(*json), to_json(*msgpack)) << c.name;
  }
}

TEST(Encoder, ShowsEnumsByNameBooleansAsSuchAndIntegersWithoutFraction) {
  const auto message = whole(cases()[0], Format::json);
  EXPECT_EQ(message, R"({"op":"data","id":7,"tick":1220,"time_s":1.22,"values":{"speed_rpm":[1999.8,-0.5],)"
                     R"("pulses":[7,-9007199254740991],"enabled":[true,false],"state":["run \"fast\"","stop"]}})");
}

TEST(Encoder, GivesOneRowPerTickInModeAll) {
  const auto message = parse_json(whole(cases()[2], Format::json)).value();
  EXPECT_EQ(message.find("gap")->integer(), 17);
  EXPECT_EQ(to_json(*message.find("ticks")), "[1221,1222,1223]");
  EXPECT_EQ(to_json(*message.find("values")->find("speed_rpm")), "[[2000.0,0.0],[2000.125,1e-07],[2000.25,2e-07]]");
}

TEST(Encoder, LaysOutTheBinaryHeaderAsDocumented) {
  const auto frame = whole(cases()[2], Format::binary);
  ASSERT_EQ(frame.size(), binary_header_bytes + binary_gap_bytes + 3 * 8 * sizeof(double));
  const auto read = [&]<class T>(std::size_t at, T value) {
    std::memcpy(&value, frame.data() + at, sizeof value);
    return value;
  };
  EXPECT_EQ(read(0, std::uint8_t{}), 1);   // version
  EXPECT_EQ(read(1, std::uint8_t{}), 2);   // all
  EXPECT_EQ(read(2, std::uint16_t{}), 1);  // a gap follows
  EXPECT_EQ(read(4, std::uint32_t{}), 7U);
  EXPECT_EQ(read(8, std::uint64_t{}), 1221U);
  EXPECT_EQ(read(16, double{}), 1.221);
  EXPECT_EQ(read(24, double{}), 0.001);
  EXPECT_EQ(read(32, std::uint32_t{}), 3U);
  EXPECT_EQ(read(36, std::uint32_t{}), 8U);
  EXPECT_EQ(read(40, std::uint32_t{}), 17U);
  EXPECT_EQ(read(44, std::uint32_t{}), 0U);
  EXPECT_EQ(read(48, double{}), 2000.0);
}

TEST(Encoder, NeverWritesWhatIsNoNumber) {
  Columns columns = latest_row();
  columns.values[0] = std::numeric_limits<double>::quiet_NaN();
  columns.values[2] = 1e300;  // of an integer
  columns.values[6] = 99;     // no place in the enum
  const auto packed = encode(mixed_schema(), Format::msgpack, Mode::latest, columns.rows());
  const auto unpacked = parse_msgpack(head_of(packed, 1, 0) + packed.body);
  ASSERT_TRUE(unpacked);
  EXPECT_EQ(to_json(*unpacked->find("values")->find("speed_rpm")), "[null,-0.5]");
  EXPECT_EQ(to_json(*unpacked->find("values")->find("pulses")), "[null,-9007199254740991]");
  const auto message = encode(mixed_schema(), Format::json, Mode::latest, columns.rows());
  const auto parsed = parse_json(head_of(message, 1, 0) + message.body);
  ASSERT_TRUE(parsed);
  EXPECT_EQ(to_json(*parsed->find("values")->find("speed_rpm")), "[null,-0.5]");
  EXPECT_EQ(to_json(*parsed->find("values")->find("pulses")), "[null,-9007199254740991]");
  EXPECT_EQ(to_json(*parsed->find("values")->find("state")), "[null,\"stop\"]");
}

}  // namespace
}  // namespace simhost::telemetry
