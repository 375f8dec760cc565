// Wall time as text, ids that sort by creation, and names.
#include <host/base/clock.hpp>

#include <set>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include <host/base/ids.hpp>
#include <host/base/names.hpp>

namespace simhost {
namespace {

constexpr std::int64_t ms_ns = 1'000'000;

class SetClock final : public Clock {
 public:
  [[nodiscard]] std::int64_t monotonic_ns() const override { return now_ns; }
  [[nodiscard]] std::int64_t wall_ns() const override { return now_ns; }
  std::int64_t now_ns = 1'795'258'800'000 * ms_ns;
};

TEST(Clock, WritesUtcWithMilliseconds) {
  const std::pair<std::int64_t, std::string> cases[] = {
      {0, "1970-01-01T00:00:00.000Z"},
      {1'795'258'800'000 * ms_ns, "2026-11-21T11:00:00.000Z"},
      {951'782'400'999 * ms_ns + 999'999, "2000-02-29T00:00:00.999Z"},
      {-1, "1969-12-31T23:59:59.999Z"},
      {INT64_MAX, "2262-04-11T23:47:16.854Z"},
  };
  for (const auto& [at_ns, text] : cases) EXPECT_EQ(format_utc(at_ns), text);
}

TEST(Clock, ReadsWhatItWrites) {
  for (std::int64_t at_ns = -4'000'000'000'000 * ms_ns; at_ns < 9'000'000'000'000 * ms_ns;
       at_ns += 86'139'925'631 * ms_ns) {
    ASSERT_EQ(parse_utc(format_utc(at_ns)), at_ns) << format_utc(at_ns);
  }
}

TEST(Clock, ReadsOffsetsAndDecimals) {
  const std::int64_t at_ns = 1'795'258'800'000 * ms_ns;
  EXPECT_EQ(parse_utc("2026-11-21T11:00:00Z"), at_ns);
  EXPECT_EQ(parse_utc("2026-11-21t12:30:00.5+01:30"), at_ns + 500 * ms_ns);
  EXPECT_EQ(parse_utc("2026-11-21 08:00:00.000000001-03:00"), at_ns + 1);
  EXPECT_EQ(parse_utc("2026-11-21T11:00:00.00000000099Z"), at_ns);
}

TEST(Clock, RefusesWhatIsNoTime) {
  for (const char* text :
       {"", "2026-11-21", "2026-11-21T11:00:00", "2026-13-01T00:00:00Z", "2026-02-29T00:00:00Z", "2026-11-21T24:00:00Z",
        "2026-11-21T11:60:00Z", "2026-11-21T11:00:60Z", "2026-11-21T11:00:00.Z", "2026-11-21T11:00:00Zx",
        "2026-11-21T11:00:00+1:00", "2026-11-21T11:00:00+24:00", "1600-01-01T00:00:00Z", "9999-01-01T00:00:00Z",
        "26-11-21T11:00:00Z", " 2026-11-21T11:00:00Z"}) {
    EXPECT_EQ(parse_utc(text), std::nullopt) << text;
  }
}

TEST(Clock, OfTheSystemGoesForward) {
  const std::int64_t before_ns = system_clock().monotonic_ns();
  EXPECT_GE(system_clock().monotonic_ns(), before_ns);
  EXPECT_GT(system_clock().wall_ns(), 1'700'000'000'000 * ms_ns);
}

TEST(Ids, RiseWithinAMillisecondAndAfterIt) {
  SetClock clock;
  IdMaker maker(clock);
  std::string last;
  for (int i = 0; i < 20'000; ++i) {
    if (i % 1000 == 0) clock.now_ns += ms_ns;
    const std::string id = maker.next();
    ASSERT_TRUE(looks_like_id(id)) << id;
    ASSERT_LT(last, id);
    last = id;
  }
}

TEST(Ids, RiseWhileTheWallClockGoesBack) {
  SetClock clock;
  IdMaker maker(clock);
  const std::string before = maker.next();
  clock.now_ns -= 3'600'000 * ms_ns;
  const std::string after = maker.next();
  EXPECT_LT(before, after);
  EXPECT_EQ(before.substr(0, 10), after.substr(0, 10));
}

TEST(Ids, CarryTheTimeOfTheirMakingInBase32) {
  SetClock clock;
  clock.now_ns = 32 * ms_ns;
  EXPECT_EQ(IdMaker(clock).next().substr(0, 10), "0000000010");
}

TEST(Ids, AreUniqueAcrossThreads) {
  IdMaker maker;
  std::vector<std::vector<std::string>> made(4);
  std::vector<std::thread> threads;
  for (auto& ids : made) {
    threads.emplace_back([&maker, &ids] {
      for (int i = 0; i < 5000; ++i) ids.push_back(maker.next());
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::set<std::string> all;
  for (const auto& ids : made) all.insert(ids.begin(), ids.end());
  EXPECT_EQ(all.size(), 20'000U);
}

TEST(Ids, HaveAFormThatNothingElseHas) {
  EXPECT_FALSE(looks_like_id("01kabcdefghjkmn"));
  EXPECT_FALSE(looks_like_id("01kabcdefghjkmnpq"));
  EXPECT_FALSE(looks_like_id("01Kabcdefghjkmnp"));
  EXPECT_FALSE(looks_like_id("01kabcdefghjkmni"));
}

TEST(Names, FollowTheRule) {
  for (const std::string& name :
       {std::string("a"), std::string("0"), std::string("dyno-1"), std::string("a.b_c-d"), std::string(63, 'x')}) {
    EXPECT_TRUE(is_name(name)) << name;
  }
  for (const std::string& name :
       {std::string(), std::string("A"), std::string("-a"), std::string(".a"), std::string("a b"), std::string("a/b"),
        std::string("\xc3\xa9"), std::string(64, 'x'), std::string("a\0b", 3)}) {
    EXPECT_FALSE(is_name(name)) << name;
  }
}

}  // namespace
}  // namespace simhost
