// Real time on a clock moved by hand: when ticks happen, what is caught up, what is dropped, and what is counted.
#include <gtest/gtest.h>

#include <host/base/limits.hpp>
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

TEST(Overrun, SlowPushesItsClockBackAndDropsNothing) {
  TimedRig t;
  const auto slow = t.rig.create(R"({"model":"counter","overrun":"slow"})").value();
  t.clock.advance(ms);
  auto before = slow->tick();
  t.clock.advance(8 * ms);
  EXPECT_EQ(slow->tick(), before + 1) << "late ticks are not made up";
  EXPECT_EQ(slow->info().stats.overruns, 1U);
  before = slow->tick();
  for (int i = 0; i < 20; ++i) t.clock.advance(ms);
  EXPECT_EQ(slow->tick(), before + 20) << "one a period, from the new time on";
  EXPECT_EQ(slow->info().stats.missed, 0U);
  EXPECT_EQ(slow->info().stats.overruns, 1U);
  EXPECT_NEAR(t.rig.sum(slow), static_cast<double>(slow->tick()) * 1e-3, 1e-9);
}

TEST(Overrun, SlowGoesOnWhenALongTickHasEnded) {
  TimedRig t;
  const auto slow = t.rig.create(R"({"model":"counter","overrun":"slow"})").value();
  t.clock.advance(ms);
  const auto before = slow->tick();
  t.clock.stall_each_look(3 * ms, 3);  // it is woken 3 ms late, and its tick takes 3 ms
  t.clock.advance(ms);
  EXPECT_EQ(slow->tick(), before + 2) << "the late one, and the next as soon as that had ended";
  EXPECT_EQ(slow->info().stats.overruns, 1U);
  t.clock.advance(ms);
  EXPECT_EQ(slow->tick(), before + 3);
  EXPECT_EQ(slow->info().stats.missed, 0U);
}

TEST(Overrun, SlowKeepsItsClockWhileTicksEndInTime) {
  TimedRig t;
  const auto slow = t.rig.create(R"({"model":"counter","overrun":"slow"})").value();
  for (int i = 0; i < 10; ++i) t.clock.advance(ms / 5);
  const auto before = slow->tick();
  for (int i = 0; i < 50; ++i) t.clock.advance(i % 2 == 0 ? ms * 3 / 2 : ms / 2);  // late by half a period, each other
  EXPECT_EQ(slow->tick(), before + 50);
  EXPECT_EQ(slow->info().stats.overruns, 0U);
}

TEST(Overrun, AbortFailsTheSessionWithTheTick) {
  TimedRig t;
  const auto s = t.rig.create(R"({"model":"counter","overrun":"abort"})").value();
  const auto neighbour = t.rig.create(R"({"model":"counter"})").value();
  for (int i = 0; i < 10; ++i) t.clock.advance(ms);
  ASSERT_EQ(s->state(), State::running);
  const auto before = s->tick(), neighbour_before = neighbour->tick();
  t.clock.advance(3 * ms);
  EXPECT_EQ(s->state(), State::failed);
  EXPECT_EQ(neighbour->tick(), neighbour_before + 3) << "nobody else is touched";
  t.rig.registry->sweep();
  ASSERT_TRUE(Rig::until([&] { return s->info().reason.has_value(); }));
  const auto info = s->info();
  EXPECT_EQ(info.reason->code, "overrun");
  EXPECT_EQ(info.reason->tick, before + 1);
  EXPECT_EQ(info.tick, before + 1) << "at the boundary after the tick that was late";
  EXPECT_EQ(info.stats.overruns, 1U);
  EXPECT_EQ(info.stats.missed, 0U);
  ASSERT_TRUE(t.rig.control(s, Action::reset));
  ASSERT_TRUE(t.rig.control(s, Action::resume));
  for (int i = 0; i < 5; ++i) t.clock.advance(ms);
  EXPECT_EQ(s->state(), State::running);
  EXPECT_GE(s->tick(), 4U);
}

TEST(Overrun, TicksOfOneWakeUpShareItsDeadline) {
  TimedRig t;
  const auto s = t.rig.create(R"({"model":"counter","step_s":0.0001,"overrun":"abort"})").value();
  for (int i = 0; i < 100; ++i) t.clock.advance(ms / 10);
  EXPECT_EQ(s->state(), State::running);
  EXPECT_NEAR(static_cast<double>(s->tick()), 100, 4);
  EXPECT_EQ(s->info().stats.overruns, 0U);
}

TEST(Overrun, IsChangedWhileTheSessionRuns) {
  TimedRig t;
  const auto s = t.rig.create(R"({"model":"counter"})").value();
  t.clock.advance(ms);
  const auto jump = [&] {
    t.clock.advance(ms);
    const auto before = s->tick();
    t.clock.advance(5 * ms);
    return s->tick() - before;
  };
  EXPECT_EQ(jump(), 5U);
  ASSERT_TRUE(t.rig.patch(s, R"({"overrun":"slow"})"));
  EXPECT_EQ(jump(), 1U);
  ASSERT_TRUE(t.rig.patch(s, R"({"overrun":"skip"})"));
  EXPECT_EQ(jump(), 1U);
  EXPECT_GE(s->info().stats.missed, 4U);
  ASSERT_TRUE(t.rig.patch(s, R"({"overrun":"catch_up"})"));
  EXPECT_EQ(jump(), 5U);
  ASSERT_TRUE(t.rig.patch(s, R"({"overrun":"abort"})"));
  EXPECT_EQ(jump(), 1U);
  EXPECT_EQ(s->state(), State::failed);
}

TEST(Overrun, MeansNothingWhereNoClockIs) {
  TimedRig t;
  const auto s = t.rig.create(R"({"model":"counter","overrun":"abort","pace":{"mode":"manual"}})").value();
  ASSERT_TRUE(t.rig.advance(s, 100));
  EXPECT_EQ(s->tick(), 100U);
  EXPECT_EQ(s->info().overrun, Overrun::abort);
  ASSERT_TRUE(t.rig.patch(s, R"({"pace":{"mode":"realtime","rate":1}})"));
  t.clock.advance(9 * ms);
  EXPECT_EQ(s->state(), State::failed) << "the policy came along";
}

TEST(Overrun, OwnClocksAreBounded) {
  TimedRig t;
  for (std::size_t i = 0; i < limits::realtime_drivers; ++i)
    ASSERT_TRUE(t.rig.create(R"({"model":"counter","overrun":"slow","start":false})")) << i;
  const auto refused = t.rig.create(R"({"model":"counter","overrun":"slow"})");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "limit_reached");
  EXPECT_TRUE(t.rig.create(R"({"model":"counter","pace":{"mode":"free"},"overrun":"slow","start":false})"));
}

}  // namespace
}  // namespace simhost::session
