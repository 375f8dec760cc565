// Schedules: what is refused, when they come due on both clocks, what they do, and what is kept of them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <host/plan/schedules.hpp>
#include <tests/unit/plan/plan_rig.hpp>

namespace simhost::plan {
namespace {

using session::SessionPointer;
using session::State;
using support::gain_id;
using support::rate_id;
using testing::HasSubstr;
using testing::UnorderedElementsAre;

struct HandClock final : Clock {
  std::int64_t now_ns = parse_utc("2026-11-21T12:00:00Z").value();
  [[nodiscard]] std::int64_t monotonic_ns() const override { return now_ns; }
  [[nodiscard]] std::int64_t wall_ns() const override { return now_ns; }
};

struct ScheduleRig : Rig {
  HandClock clock;
  std::vector<session::Event> events;
  std::mutex mutex;
  std::unique_ptr<Schedules> schedules;

  ScheduleRig() {
    registry->on_event([this](const session::Event& event) {
      const std::lock_guard lock(mutex);
      if (event.type.starts_with("schedule.")) events.push_back(event);
    });
    reopen();
  }
  void reopen() {
    schedules = nullptr;
    schedules = std::make_unique<Schedules>(Hands{*registry, scenarios, {}}, *store, clock);
    EXPECT_TRUE(schedules->load());
  }
  SessionPointer manual(std::string_view more = "") {
    return create(R"({"model":"counter","name":"s","pace":{"mode":"manual"})" + std::string(more) + "}").value();
  }
  Result<Schedule> plan(std::string_view body) { return schedules->create(json(body)); }
  std::size_t ran() {
    const std::lock_guard lock(mutex);
    return events.size();
  }
  // Turns until n schedules have been carried out.
  bool until_ran(std::size_t n) {
    return until([&] {
      schedules->turn();
      return ran() >= n;
    });
  }
  std::string next_at(std::string_view name) {
    const auto* found = &*(shown = schedules->show(*schedules->find(name))).find("next_at");
    return found->is_null() ? "" : found->string();
  }
  Value shown;
};

TEST(Schedule, NamesAllFaultsAtOnceWithTheirPlaces) {
  ScheduleRig rig;
  const auto s = rig.manual();
  const auto made = rig.plan(R"({"name":"x","session":"s","when":{"cron":"0 99 * * *","timezone":"Asia/Bankok"},
    "clock":"walls","actions":[{"set":{"rat":1}},{"command":{"name":"ad"}},{"scenario":"none"},{"pause":{},"stop":{}},
    {"pause":{"now":1}},{}],"enable":true})");
  ASSERT_FALSE(made);
  EXPECT_THAT(pointers(made.error()),
              UnorderedElementsAre("/when/cron invalid_format", "/when/timezone not_in_enum", "/clock not_in_enum",
                                   "/actions/0/set/rat unknown_key", "/actions/1/command/name unknown_command",
                                   "/actions/2/scenario unknown_reference", "/actions/3 not_valid",
                                   "/actions/4/pause/now unknown_key", "/actions/5 not_valid", "/enable unknown_key"));
  EXPECT_EQ(rig.plan(R"({"name":"x","session":"t","when":{"time_s":1},"actions":[{"pause":{}}]})").error().code,
            "unknown_session");
  EXPECT_EQ(rig.plan(R"({"name":"x","session":"s","when":{"time_s":1,"every_s":1},"actions":[{"pause":{}}]})")
                .error()
                .errors[0]
                .pointer,
            "/when");
  EXPECT_EQ(rig.plan(R"({"name":"x","session":"s","when":{"time_s":1},"clock":"wall","actions":[{"pause":{}}]})")
                .error()
                .errors[0]
                .pointer,
            "/clock");
}

TEST(Schedule, ComesDueOnTheWallClock) {
  ScheduleRig rig;
  const auto s = rig.manual();
  ASSERT_TRUE(rig.plan(R"({"name":"daily","session":"s","when":{"cron":"0 14 * * *","timezone":"Asia/Bangkok"},
    "actions":[{"set":{"rate":7}},{"set":{"gain":3}}]})"));
  EXPECT_EQ(rig.next_at("daily"), "2026-11-22T07:00:00.000Z");
  rig.clock.now_ns = parse_utc("2026-11-22T06:59:59.999Z").value();
  rig.schedules->turn();
  EXPECT_EQ(rig.ran(), 0U);
  rig.clock.now_ns = parse_utc("2026-11-22T07:00:00.000Z").value();
  ASSERT_TRUE(rig.until_ran(1));
  EXPECT_EQ(rig.value(s, rate_id), 7);
  EXPECT_EQ(rig.value(s, gain_id), 3);
  EXPECT_EQ(rig.next_at("daily"), "2026-11-23T07:00:00.000Z");
  const auto& run = *rig.shown.find("last_run");
  EXPECT_EQ(*run.find("status"), Value("ok"));
  EXPECT_EQ(*run.find("at"), Value("2026-11-22T07:00:00.000Z"));
}

TEST(Schedule, StopsAtTheFirstActionThatFailsAndSaysSo) {
  ScheduleRig rig;
  const auto s = rig.manual();
  ASSERT_TRUE(rig.plan(R"({"name":"x","session":"s","when":{"at":"2026-11-21T13:00:00Z"},
    "actions":[{"set":{"rate":7}},{"resume":{}},{"set":{"gain":9}}]})"));
  rig.clock.now_ns += 3'600'000'000'000;
  ASSERT_TRUE(rig.until_ran(1));
  EXPECT_EQ(rig.events[0].type, "schedule.failed");
  const auto kept = rig.schedules->find("x").value();
  EXPECT_EQ(kept.last_run->error->code, "wrong_state");
  EXPECT_THAT(kept.last_run->error->detail, HasSubstr("/actions/1"));
  EXPECT_FALSE(kept.enabled);  // a one-shot
  EXPECT_EQ(rig.value(s, rate_id), 7);
  EXPECT_EQ(rig.value(s, gain_id), 1);
  EXPECT_EQ(rig.schedules->enable("x", Rig::json(R"({"enabled":true})")).error().code, "tick_passed");
}

TEST(Schedule, HappensAtItsTickAlsoWhenFree) {
  ScheduleRig rig;
  const auto s =
      rig.create(R"({"model":"counter","name":"s","start":false,"stop_at_s":1,"pace":{"mode":"free"}})").value();
  ASSERT_TRUE(rig.plan(R"({"name":"every","session":"s","when":{"every_s":0.1},"actions":[{"set":{"rate":2}}]})"));
  ASSERT_TRUE(rig.plan(R"({"name":"once","session":"s","when":{"time_s":0.25},"actions":[{"set":{"rate":5}}]})"));
  rig.schedules->turn();
  ASSERT_TRUE(rig.until([&] {
    rig.schedules->turn();
    return rig.schedules->settled();
  }));
  ASSERT_TRUE(rig.control(s, session::Action::resume));
  ASSERT_TRUE(rig.until([&] {
    rig.schedules->turn();
    return s->state() == State::stopped;
  }));
  EXPECT_EQ(s->tick(), 1000U);
  // rate 1 for 0.1 s, 2 for 0.15 s, 5 for 0.05 s, then 2.
  EXPECT_NEAR(rig.sum(s), 0.1 + 0.3 + 0.25 + 1.4, 1e-9);
  std::vector<std::uint64_t> ticks;
  for (const auto& entry : s->journal(engine::no_tick)) ticks.push_back(entry.tick);
  EXPECT_EQ(ticks, (std::vector<std::uint64_t>{100, 200, 250, 300, 400, 500, 600, 700, 800, 900, 1000}));
}

TEST(Schedule, WaitsForItsTickFromItsAnswerOn) {
  ScheduleRig rig;
  const auto s = rig.manual();
  ASSERT_TRUE(rig.plan(R"({"name":"x","session":"s","when":{"time_s":0.01},"actions":[{"set":{"rate":5}}]})"));
  std::atomic<bool> stepped{false};  // nobody has looked at the schedules yet
  rig.registry->advance(s, 20, [&](const Result<session::Nothing>&) { stepped = true; });
  ASSERT_TRUE(rig.until([&] {
    rig.schedules->turn();
    return stepped.load();
  }));
  EXPECT_EQ(s->journal(engine::no_tick).back().tick, 10U);
  EXPECT_NEAR(rig.sum(s), 10 * 1e-3 + 10 * 5e-3, 1e-12);
}

TEST(Schedule, HoldsAStepUntilItsActionsAreDone) {
  ScheduleRig rig;
  const auto s = rig.manual();
  ASSERT_TRUE(rig.plan(R"({"name":"x","session":"s","when":{"time_s":0.01},"actions":[{"set":{"rate":5}}]})"));
  rig.schedules->start();
  ASSERT_TRUE(rig.until([&] { return rig.schedules->settled(); }));
  ASSERT_TRUE(rig.advance(s, 10));  // ends at the very tick
  EXPECT_EQ(rig.value(s, rate_id), 5);
  ASSERT_TRUE(rig.advance(s, 10));
  EXPECT_EQ(s->tick(), 20U);
}

TEST(Schedule, KnowsASimulatedCalendar) {
  ScheduleRig rig;
  const auto s = rig.create(R"({"model":"counter","name":"s","step_s":0.1,"pace":{"mode":"manual"}})").value();
  ASSERT_TRUE(rig.plan(R"({"name":"outage","session":"s","when":{"cron":"0 14 * * *","timezone":"Asia/Bangkok"},
    "clock":"simulated","epoch":"2026-01-01T06:59:50Z","actions":[{"set":{"rate":0}},{"pause":{}}]})"));
  EXPECT_EQ(rig.next_at("outage"), "2026-01-01T07:00:00.000Z");
  EXPECT_EQ(*rig.shown.find("next_time_s"), Value(10.0));
  rig.schedules->start();
  ASSERT_TRUE(rig.until([&] { return rig.schedules->settled(); }));
  ASSERT_TRUE(rig.advance(s, 1000));
  EXPECT_EQ(s->tick(), 100U);                                           // the pause ended the step
  EXPECT_TRUE(rig.until([&] { return s->state() == State::paused; }));  // said right after the step is answered
  ASSERT_TRUE(rig.until([&] { return rig.next_at("outage") == "2026-01-02T07:00:00.000Z"; }));
}

TEST(Schedule, ReachesFromOneEndOfTheCalendarToTheOther) {
  Schedule schedule;
  schedule.when.kind = When::Kind::at;
  schedule.when.at_wall_ns = parse_utc("2261-06-01T00:00:00Z").value();
  constexpr std::int64_t step_ns = 1'000'000'000;
  const Calendar calendar{parse_utc("1678-01-02T00:00:00Z").value(), step_ns};
  const auto tick = next_tick(schedule, calendar, 0);
  ASSERT_EQ(tick, 18'410'630'400U);
  EXPECT_EQ(wall_of(calendar, *tick), schedule.when.at_wall_ns);
  EXPECT_EQ(wall_of(calendar, *tick + 365 * 86'400), std::nullopt);
  EXPECT_EQ(next_tick(schedule, Calendar{schedule.when.at_wall_ns + 1, step_ns}, 0), std::nullopt);
}

TEST(Schedule, LooksAgainAfterAResetAndARestore) {
  ScheduleRig rig;
  const auto s = rig.manual();
  ASSERT_TRUE(rig.plan(R"({"name":"x","session":"s","when":{"every_s":0.01},"actions":[{"set":{"rate":5}}]})"));
  rig.schedules->start();
  ASSERT_TRUE(rig.until([&] { return rig.schedules->settled(); }));
  ASSERT_TRUE(rig.advance(s, 15));
  const auto kept = rig.checkpoint(s).value();
  ASSERT_TRUE(rig.advance(s, 20));
  EXPECT_EQ(rig.ran(), 3U);
  ASSERT_TRUE(rig.restore(s, kept->id));
  ASSERT_TRUE(rig.advance(s, 10));
  ASSERT_TRUE(rig.until([&] { return rig.ran() == 4; }));
  ASSERT_TRUE(rig.control(s, session::Action::reset));
  ASSERT_TRUE(rig.advance(s, 25));
  ASSERT_TRUE(rig.until([&] { return rig.ran() == 6; }));
}

TEST(Schedule, RemembersWhatWasMissedWhileTheHostWasDown) {
  ScheduleRig rig;
  const auto s = rig.manual();
  const std::string_view at = R"("session":"s","when":{"cron":"0 * * * *"},"actions":[{"set":{"rate":4}}]})";
  ASSERT_TRUE(rig.plan(R"({"name":"skips","missed":"skip",)" + std::string(at)));
  ASSERT_TRUE(rig.plan(R"({"name":"once","missed":"run_once",)" + std::string(at)));
  rig.clock.now_ns = parse_utc("2026-11-21T15:30:00Z").value();
  rig.reopen();
  ASSERT_TRUE(rig.until_ran(1));
  rig.schedules->turn();
  EXPECT_EQ(rig.ran(), 1U);
  EXPECT_EQ(*rig.events[0].data.find("name"), Value("once"));
  EXPECT_EQ(rig.next_at("skips"), "2026-11-21T16:00:00.000Z");
  EXPECT_EQ(rig.next_at("once"), "2026-11-21T16:00:00.000Z");
  EXPECT_FALSE(rig.schedules->find("skips")->last_run);
  rig.reopen();
  EXPECT_TRUE(rig.schedules->find("once")->last_run);
}

TEST(Schedule, FailsVisiblyWhenItsSessionIsGone) {
  ScheduleRig rig;
  const auto s = rig.manual();
  ASSERT_TRUE(rig.plan(R"({"name":"x","session":"s","when":{"cron":"0 * * * *"},"actions":[{"pause":{}}]})"));
  ASSERT_TRUE(rig.remove(s));
  rig.clock.now_ns += 3'600'000'000'000;
  ASSERT_TRUE(rig.until_ran(1));
  EXPECT_EQ(rig.schedules->find("x")->last_run->error->code, "unknown_session");
}

TEST(Schedule, IsSwitchedOffAndRemoved) {
  ScheduleRig rig;
  const auto s = rig.manual();
  ASSERT_TRUE(rig.plan(R"({"name":"x","session":"s","when":{"time_s":0.01},"actions":[{"pause":{}}]})"));
  rig.schedules->start();
  EXPECT_FALSE(rig.schedules->enable("x", Rig::json(R"({"enabled":false})"))->enabled);
  ASSERT_TRUE(rig.until([&] { return rig.schedules->settled(); }));
  ASSERT_TRUE(rig.advance(s, 30));
  EXPECT_EQ(s->tick(), 30U);
  ASSERT_TRUE(rig.schedules->remove("x"));
  EXPECT_EQ(rig.schedules->remove("x").error().code, "not_found");
}

}  // namespace
}  // namespace simhost::plan
