// Real time on a clock moved by hand: when ticks happen, what is caught up, what is dropped, and what is counted.
#include <gtest/gtest.h>

#include <tests/support/fake_pace_clock.hpp>
#include <tests/support/session_rig.hpp>

namespace simhost::session {
namespace {

constexpr std::int64_t ms = 1'000'000;

struct TimedRig {
  support::FakePaceClock clock;
  Rig rig{100, 10'000, {.threads = 1, .spin_tail_ns = 0, .scheduling = {}, .catch_up_max = 10, .clock = &clock}};
};

TEST(Pace, TicksOnceAPeriod) {
  TimedRig t;
  const auto s = t.rig.create(R"({"model":"counter"})").value();
  const auto before = s->tick();
  for (int i = 0; i < 100; ++i) t.clock.advance(ms);
  EXPECT_EQ(s->tick(), before + 100);
  EXPECT_EQ(s->info().stats.missed, 0U);
}

TEST(Pace, HonoursTheRateAndEachSessionsOwnStep) {
  TimedRig t;
  const auto twice = t.rig.create(R"({"model":"counter","pace":{"mode":"realtime","rate":2}})").value();
  const auto slow = t.rig.create(R"({"model":"counter","step_s":0.01})").value();
  const auto tick_twice = twice->tick(), tick_slow = slow->tick();
  for (int i = 0; i < 1000; ++i) t.clock.advance(ms / 10);
  EXPECT_EQ(twice->tick(), tick_twice + 200);
  EXPECT_NEAR(static_cast<double>(slow->tick() - tick_slow), 10, 1);
}

TEST(Pace, CatchesUpToTheLimitAndDropsTheRest) {
  TimedRig t;
  const auto s = t.rig.create(R"({"model":"counter"})").value();
  auto before = s->tick();
  t.clock.advance(8 * ms);
  EXPECT_EQ(s->tick(), before + 8);
  EXPECT_EQ(s->info().stats.missed, 0U);
  before = s->tick();
  t.clock.advance(25 * ms);
  EXPECT_EQ(s->tick(), before + 10);
  EXPECT_EQ(s->info().stats.missed, 15U);
}

TEST(Pace, LetsASkippingSessionTakeOneTickOfSeveral) {
  TimedRig t;
  const auto skips = t.rig.create(R"({"model":"counter","overrun":"skip"})").value();
  const auto catches = t.rig.create(R"({"model":"counter"})").value();
  t.clock.advance(ms);
  const auto skip_before = skips->tick(), catch_before = catches->tick();
  t.clock.advance(5 * ms);
  EXPECT_EQ(catches->tick(), catch_before + 5);
  EXPECT_EQ(skips->tick(), skip_before + 1);
  EXPECT_EQ(skips->info().stats.missed, 4U);
  t.clock.advance(ms);
  EXPECT_EQ(skips->tick(), skip_before + 2);
  EXPECT_NEAR(t.rig.sum(skips), static_cast<double>(skips->tick()) * 1e-3, 1e-9);
}

TEST(Pace, DoesNotCatchUpAPause) {
  TimedRig t;
  const auto s = t.rig.create(R"({"model":"counter"})").value();
  t.clock.advance(3 * ms);
  ASSERT_TRUE(t.rig.control(s, Action::pause));
  const auto at = s->tick();
  t.clock.advance(1000 * ms);
  EXPECT_EQ(s->tick(), at);
  ASSERT_TRUE(t.rig.control(s, Action::resume));
  for (int i = 0; i < 4; ++i) t.clock.advance(ms);
  EXPECT_LE(s->tick(), at + 5);
  EXPECT_GE(s->tick(), at + 3);
  EXPECT_EQ(s->info().stats.missed, 0U);
}

TEST(Pace, AnswersAtOnceWhileALongStepStands) {
  TimedRig t;
  const auto s = t.rig.create(R"({"model":"counter","step_s":5})").value();
  EXPECT_EQ(t.rig.read(s, {support::sum_id})->tick, s->tick());
  EXPECT_TRUE(t.rig.write(s, R"({"values":{"rate":2}})"));
}

TEST(Pace, AppliesWritesAndStopsWithinABurst) {
  TimedRig t;
  const auto s = t.rig.create(R"({"model":"counter","stop_at_s":0.009})").value();
  const auto start = s->tick();
  ASSERT_LT(start, 3U);
  ASSERT_TRUE(t.rig.write(s, R"({"values":{"rate":11},"at_tick":5})"));
  t.clock.advance(10 * ms);
  EXPECT_EQ(s->tick(), 9U);
  EXPECT_EQ(s->state(), State::stopped);
  EXPECT_NEAR(t.rig.sum(s), 0.005 + 4 * 0.011, 1e-12);
}

}  // namespace
}  // namespace simhost::session
