/// Ids and numbers of the batteries' wire: packed and unpacked, found again, written shortest.
#include <gtest/gtest.h>

#include <plugins/battery_sensor/roster.hpp>
#include <plugins/battery_sensor/wire_text.hpp>

namespace battery_sensor::test {
namespace {

std::vector<std::string> unpacked(const std::vector<std::string>& pieces) {
  std::vector<std::string> ids;
  for (const auto& piece : pieces) EXPECT_TRUE(unpack_ids(piece, ids));
  return ids;
}

TEST(BatteryRoster, BringsPackedIdsBack) {
  const std::vector<std::string> ids{"",
                                     "A",
                                     "AB",
                                     "AB1",
                                     "AB1",
                                     "B",
                                     std::string(300, 'x') + "1",
                                     std::string(300, 'x') + "2",
                                     "12:3 4",
                                     "a\nb",
                                     "\u00e9\u00e8",
                                     "\u00e9\u00e9"};
  const auto pieces = pack_ids(ids, 400);
  EXPECT_GT(pieces.size(), 1u);
  for (const auto& piece : pieces) EXPECT_LE(piece.size(), 400u);
  EXPECT_EQ(unpacked(pieces), ids);
}

TEST(BatteryRoster, CutsNoCharacterInTwo) {
  for (const auto& piece : pack_ids({"\u00e9", "\u00e8"}, 100)) EXPECT_NE(piece.find("\u00e8"), std::string::npos);
}

TEST(BatteryRoster, PacksAHundredThousandIdsOfAFleetIntoALittle) {
  std::vector<std::string> ids;
  for (int n = 0; n < 100'000; ++n) ids.push_back("BKK_DC1_SYS01_STR01_BAT" + std::to_string(n));
  std::size_t bytes = 0;
  const auto pieces = pack_ids(ids, 4096);
  for (const auto& piece : pieces) bytes += piece.size();
  EXPECT_LT(bytes, 1'000'000u);
  EXPECT_EQ(unpacked(pieces), ids);
}

TEST(BatteryRoster, TakesNothingFromPiecesOfAnotherMake) {
  for (const char* piece : {"x", "0", "0 5:abc", "3 1:a", "0 1", "0 1a", "-1 1:a", "0 99999999999999999999:a"}) {
    std::vector<std::string> ids;
    EXPECT_FALSE(unpack_ids(piece, ids)) << piece;
  }
}

TEST(BatteryRoster, FindsALaneByItsIdAndNamesWhatIsThereTwice) {
  const Roster roster({"B", "A", "C", "A", "B"}, 5, 0);
  EXPECT_EQ(roster.find("C"), 2u);
  EXPECT_EQ(roster.find("A"), 1u);
  EXPECT_FALSE(roster.find("D"));
  EXPECT_EQ(roster.repeated(), (std::vector<std::uint32_t>{3, 4}));
}

TEST(BatteryRoster, QuotesIdsForJson) {
  const Roster roster({"plain", "a\"b", "\n"}, 5, 0);
  const auto quoted = [](const Roster& of, std::size_t lane) {
    std::string text = ">";
    of.quote(lane, text);
    return text;
  };
  EXPECT_EQ(quoted(roster, 0), ">\"plain\"");
  EXPECT_EQ(quoted(roster, 1), ">\"a\\\"b\"");
  EXPECT_EQ(quoted(roster, 2), ">\"\\n\"");
  EXPECT_EQ(quoted(Roster({"plain", "too"}, 5, 0), 1), ">\"too\"");
}

TEST(BatteryRoster, ReportsAtEachInterval) {
  const Roster roster({"A"}, 5, 0);
  EXPECT_TRUE(roster.reports(0, 1) && roster.reports(5, 1) && roster.reports(50, 0.1));
  EXPECT_FALSE(roster.reports(4, 1) || roster.reports(6, 1) || roster.reports(5, 0.1));
  EXPECT_TRUE(roster.reports(1, 60)) << "a step longer than the interval";
  EXPECT_EQ(roster.reports_until(0, 1), 1u);
  EXPECT_EQ(roster.reports_until(4, 1), 1u);
  EXPECT_EQ(roster.reports_until(10, 1), 3u);
}

std::string fixed(double value, int decimals) {
  std::string text;
  append_fixed(text, value, decimals);
  return text;
}

TEST(BatteryText, WritesRoundedNumbersShortest) {
  EXPECT_EQ(fixed(13.65, 3), "13.65");
  EXPECT_EQ(fixed(13.6504, 3), "13.65");
  EXPECT_EQ(fixed(13.6506, 3), "13.651");
  EXPECT_EQ(fixed(-20, 3), "-20.0");
  EXPECT_EQ(fixed(0.05, 2), "0.05");
  EXPECT_EQ(fixed(-0.0004, 3), "0.0");
  EXPECT_EQ(fixed(99.999, 2), "100.0");
  EXPECT_EQ(fixed(0.007, 3), "0.007");
}

TEST(BatteryText, WritesTimesInMilliseconds) {
  EXPECT_EQ(iso_time_ms(0), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(iso_time_ms(1'764'558'555'234'999'999), "2025-12-01T03:09:15.234Z");
}

}  // namespace
}  // namespace battery_sensor::test
