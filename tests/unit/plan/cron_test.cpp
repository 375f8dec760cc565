// Cron and time zones: which minutes are meant, and what happens when clocks change.
#include <host/plan/zone.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <host/base/clock.hpp>

namespace simhost::plan {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// The next n times after one, in UTC to the minute.
std::vector<std::string> next(const char* expression, const char* zone, const char* after, int n) {
  const auto cron = Cron::parse(expression).value();
  auto at = parse_utc(after).value();
  std::vector<std::string> out;
  for (int i = 0; i < n; ++i) {
    const auto found = next_time(cron, zone, at);
    if (!found) break;
    at = *found;
    out.push_back(format_utc(at).substr(0, 16));
  }
  return out;
}

TEST(Cron, ReadsListsRangesStepsAndNames) {
  EXPECT_THAT(next("*/20 9-10 * * *", "UTC", "2026-01-01T09:50:00Z", 4),
              ElementsAre("2026-01-01T10:00", "2026-01-01T10:20", "2026-01-01T10:40", "2026-01-02T09:00"));
  EXPECT_THAT(next("0 0 1,15 JAN-mar *", "UTC", "2026-03-02T00:00:00Z", 2),
              ElementsAre("2026-03-15T00:00", "2027-01-01T00:00"));
  EXPECT_THAT(next("5/25 3 * * *", "UTC", "2026-01-01T00:00:00Z", 3),
              ElementsAre("2026-01-01T03:05", "2026-01-01T03:30", "2026-01-01T03:55"));
  EXPECT_THAT(next("5/4294967295 3 * * *", "UTC", "2026-01-01T00:00:00Z", 2),
              ElementsAre("2026-01-01T03:05", "2026-01-02T03:05"));
  EXPECT_THAT(next("0 12 * * sun", "UTC", "2026-01-01T00:00:00Z", 1), ElementsAre("2026-01-04T12:00"));
  EXPECT_EQ(next("0 12 * * 7", "UTC", "2026-01-01T00:00:00Z", 5), next("0 12 * * 0", "UTC", "2026-01-01T00:00:00Z", 5));
}

TEST(Cron, TakesEitherDayWhenBothAreGiven) {
  EXPECT_THAT(next("0 0 13 * fri", "UTC", "2026-02-10T00:00:00Z", 4),
              ElementsAre("2026-02-13T00:00", "2026-02-20T00:00", "2026-02-27T00:00", "2026-03-06T00:00"));
}

TEST(Cron, FindsALeapDayAcrossACenturyWithoutOne) {
  EXPECT_THAT(next("0 0 29 2 *", "UTC", "2096-03-01T00:00:00Z", 1), ElementsAre("2104-02-29T00:00"));
}

TEST(Cron, RefusesWhatItCannotMean) {
  for (const char* text : {"", "* * * *", "* * * * * *", "60 * * * *", "* 24 * * *", "* * 0 * *", "* * 32 * *",
                           "* * * 13 *", "* * * * 8", "*/0 * * * *", "5-1 * * * *", "a * * * *", "1, * * * *",
                           "1--2 * * * *", "*/ * * * *", "-1 * * * *", "1.5 * * * *", "99999999999 * * * *"})
    EXPECT_FALSE(Cron::parse(text)) << text;
  EXPECT_THAT(Cron::parse("0 0 30 2 *").error().detail, HasSubstr("never"));
  EXPECT_THAT(Cron::parse("0 99 * * *").error().detail, HasSubstr("hour"));
}

TEST(Zones, KnowWhatHasBeenDecidedForThem) {
  EXPECT_THAT(next("0 14 * * *", "Asia/Bangkok", "2026-03-28T12:00:00Z", 2),
              ElementsAre("2026-03-29T07:00", "2026-03-30T07:00"));
  EXPECT_THAT(next("0 14 * * *", "Europe/Berlin", "2026-03-28T00:00:00Z", 2),
              ElementsAre("2026-03-28T13:00", "2026-03-29T12:00"));
}

// 2026-03-29 02:00 becomes 03:00 in Berlin.
TEST(Zones, LeaveOutALocalTimeThatIsSkipped) {
  EXPECT_THAT(next("30 2 * * *", "Europe/Berlin", "2026-03-28T00:00:00Z", 3),
              ElementsAre("2026-03-28T01:30", "2026-03-30T00:30", "2026-03-31T00:30"));
  EXPECT_THAT(next("*/30 * * * *", "Europe/Berlin", "2026-03-29T00:20:00Z", 3),
              ElementsAre("2026-03-29T00:30", "2026-03-29T01:00", "2026-03-29T01:30"));
}

// 2026-10-25 03:00 becomes 02:00 in Berlin.
TEST(Zones, HaveADoubledLocalTimeOnce) {
  EXPECT_THAT(next("30 2 * * *", "Europe/Berlin", "2026-10-24T12:00:00Z", 2),
              ElementsAre("2026-10-25T00:30", "2026-10-26T01:30"));
  EXPECT_THAT(next("0 * * * *", "Europe/Berlin", "2026-10-24T23:30:00Z", 4),
              ElementsAre("2026-10-25T00:00", "2026-10-25T02:00", "2026-10-25T03:00", "2026-10-25T04:00"));
  EXPECT_THAT(next("30 2 * * *", "Europe/Berlin", "2026-10-25T00:45:00Z", 1), ElementsAre("2026-10-26T01:30"));
}

TEST(Zones, EndWhereNanosecondsDo) {
  EXPECT_THAT(next("0 0 29 2 *", "UTC", "2256-01-01T00:00:00Z", 3),
              ElementsAre("2256-02-29T00:00", "2260-02-29T00:00"));
}

TEST(Zones, AreKnownByTheirNames) {
  EXPECT_TRUE(check_zone("Asia/Bangkok"));
  EXPECT_TRUE(check_zone("UTC"));
  EXPECT_THAT(check_zone("Asia/Bankok").error().detail, HasSubstr("Asia/Bangkok"));
  EXPECT_FALSE(check_zone("../../etc/passwd"));
  EXPECT_FALSE(next_time(Cron::parse("* * * * *").value(), "Nowhere/Here", 0));
}

}  // namespace
}  // namespace simhost::plan
