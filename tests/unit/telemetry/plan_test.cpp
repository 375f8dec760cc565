// Rings, spacings, classes and granted rates.
#include <host/telemetry/plan.hpp>

#include <gtest/gtest.h>

#include <host/base/limits.hpp>
#include <host/telemetry/subscribe.hpp>

namespace simhost::telemetry {
namespace {

Selection of(std::size_t columns, std::uint32_t lanes) {
  Selection all{{}, {{0, lanes}}};
  for (std::uint32_t c = 1; c <= columns; ++c) all.ids.push_back(c);
  return all;
}

TEST(Plan, CopiesSmallFramesAtEveryTickAndLargeOnesTwicePerLook) {
  EXPECT_EQ(make_wanted(of(20, 1), Reads::newest, Loss::told, 60, 1000).every_ticks, 1U);
  const auto large = make_wanted(of(20, 65'536), Reads::newest, Loss::told, 60, 1000);
  EXPECT_EQ(large.every_ticks, 8U);
  EXPECT_EQ(large.slots, 1U);
  EXPECT_EQ(make_wanted(of(20, 1000), Reads::newest, Loss::told, 60, 10).every_ticks, 1U);
  EXPECT_EQ(make_wanted(of(20, 1000), Reads::newest, Loss::told, 60, 1000).slots, limits::frame_copies);
}

TEST(Plan, KnowsHowLongEvenTheLowestRateWaits) {
  EXPECT_EQ(period_of(60), 16'666'667);
  EXPECT_EQ(period_of(1000), fastest_ns);
  for (const double rate_hz : {1.1e-10, 1e-11, 1e-300, 5e-324}) {
    const auto period_ns = period_of(rate_hz);
    EXPECT_EQ(period_ns, 1'000'000'000'000'000'000) << rate_hz;
    constexpr std::int64_t now_ns = 900'000'000'000'000'000;
    EXPECT_EQ(round_up(next_multiple(now_ns, period_ns), class_of(period_ns)), period_ns) << rate_hz;
  }
}

TEST(Plan, KeepsAQuarterOfASecondForReadersOfEveryTick) {
  const auto wanted = make_wanted(of(20, 1), Reads::every, Loss::told, 60, 1000);
  EXPECT_EQ(wanted.slots, 250U);
  EXPECT_EQ(wanted.every_ticks, 1U);
}

TEST(Plan, KeepsWhatFitsWhereAQuarterOfASecondDoesNot) {
  const auto wanted = make_wanted(of(20, 1000), Reads::every, Loss::told, 60, 10'000);
  EXPECT_EQ(wanted.slots, limits::history_bytes / (20 * 1000 * sizeof(double)));
}

// A pump without a turn for as long must not cost a recording its ticks.
TEST(Plan, KeepsSecondsOfSmallFramesForThoseThatMayMissNothing) {
  const auto small = make_wanted(of(11, 1), Reads::every, Loss::none, 60, 100);
  EXPECT_TRUE(small.lossless);
  EXPECT_EQ(small.slots, 400U);
  EXPECT_EQ(make_wanted(of(32, 1), Reads::every, Loss::none, 60, 1000).slots, limits::history_lossless_bytes / 256);
  EXPECT_EQ(make_wanted(of(20, 1000), Reads::every, Loss::none, 60, 1000).slots, 250U);
}

TEST(Plan, RefusesAHistoryThatBridgesNothing) {
  EXPECT_TRUE(check_history(of(20, 1000), 1000));
  const auto refused = check_history(of(20, 65'536), 1000);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "limit_reached");
  EXPECT_EQ(refused.error().status, 422);
}

TEST(Plan, BoundsTheRingOfASessionOfUnknownRate) {
  EXPECT_EQ(make_wanted(of(1, 1), Reads::every, Loss::told, 60, 0).slots, burst_ring_slots);
  EXPECT_EQ(make_wanted(of(16, 1024), Reads::every, Loss::told, 60, 0).slots, burst_ring_bytes / (16 * 1024 * 8));
}

TEST(Plan, LooksMoreOftenForWhatComesDueMoreOften) {
  EXPECT_EQ(class_of(1'000'000), 1'000'000);
  EXPECT_EQ(class_of(10'000'000), 2'000'000);
  EXPECT_EQ(class_of(100'000'000), 16'000'000);
  EXPECT_EQ(class_of(1'000'000'000), 100'000'000);
  EXPECT_EQ(class_of(60'000'000'000), 1'000'000'000);
}

// A hundred due times of 60 Hz, looked for on the grid of their class: none is left out, none comes early.
TEST(Plan, KeepsTheRateWhileItPollsOnAGrid) {
  const std::int64_t period_ns = 16'666'667;
  std::int64_t due_ns = next_multiple(123'456'789, period_ns);
  const std::int64_t first_ns = due_ns;
  for (int i = 0; i < 100; ++i) {
    const auto seen_ns = round_up(due_ns, class_of(period_ns));
    EXPECT_GE(seen_ns, due_ns);
    EXPECT_LT(seen_ns - due_ns, 2'000'000);
    due_ns = next_multiple(seen_ns, period_ns);
  }
  EXPECT_EQ(due_ns - first_ns, 100 * period_ns);
}

TEST(GrantRate, LowersARateThatWouldBeTooMuch) {
  EXPECT_EQ(grant_rate(100, Mode::latest, 60, 1000).value(), 60);
  EXPECT_EQ(grant_rate(200'000, Mode::latest, 60, 1000).value(), 10);
  EXPECT_NEAR(grant_rate(200'000, Mode::minmax, 60, 1000).value(), 10.0 / 3, 1e-9);
}

TEST(GrantRate, RefusesEveryTickOfTooMuch) {
  EXPECT_EQ(grant_rate(2000, Mode::all, 60, 1000).value(), 60);
  const auto refused = grant_rate(2001, Mode::all, 60, 1000);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().errors.at(0).pointer, "/mode");
}

}  // namespace
}  // namespace simhost::telemetry
