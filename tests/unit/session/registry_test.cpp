// Sessions on a real engine: life, writes, steps, checkpoints, forks and failures.
#include <host/session/registry.hpp>

#include <atomic>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <tests/support/session_rig.hpp>

namespace simhost::session {
namespace {

using support::sum_id;

TEST(Registry, StepsAManualSessionTickByTick) {
  Rig rig;
  const auto s =
      rig.create(R"({"model":"counter","pace":{"mode":"manual"},"inputs":{"rate":2},"parameters":{"gain":3}})").value();
  EXPECT_EQ(s->state(), State::running);
  ASSERT_TRUE(rig.advance(s, 100));
  EXPECT_EQ(s->tick(), 100U);
  EXPECT_NEAR(rig.sum(s), 0.6, 1e-12);
  EXPECT_EQ(s->state(), State::running);
}

// One thread at a time has the session, also while it is woken all the time for nothing.
TEST(Registry, StepsASessionThatIsWokenMeanwhile) {
  Rig rig;
  const auto s = rig.create(R"({"model":"counter","pace":{"mode":"manual"}})").value();
  std::atomic<bool> stop{false};
  std::thread waker([&] {
    while (!stop) rig.registry->nudge(*s);
  });
  for (int i = 0; i < 100; ++i) EXPECT_TRUE(rig.advance(s, 3)) << i;
  stop = true;
  waker.join();
  EXPECT_EQ(s->tick(), 300U);
}

TEST(Registry, RunsInRealTimeAndStandsWhilePaused) {
  Rig rig;
  const auto s = rig.create(R"({"model":"counter"})").value();
  ASSERT_TRUE(rig.until([&] { return s->tick() > 20; }));
  ASSERT_TRUE(rig.control(s, Action::pause));
  const auto tick = s->tick();
  const auto read = rig.read(s, {sum_id}).value();
  EXPECT_EQ(read.tick, tick);
  EXPECT_NEAR(read.values[0], static_cast<double>(tick) * 1e-3, 1e-9);
  ASSERT_TRUE(rig.control(s, Action::resume));
  ASSERT_TRUE(rig.until([&] { return s->tick() > tick + 10; }));
}

TEST(Registry, StepsAPausedRealTimeSessionAndResumesIt) {
  Rig rig;
  const auto s = rig.create(R"({"model":"counter","start":false})").value();
  EXPECT_EQ(rig.advance(s, 5).error().code, "wrong_state");
  ASSERT_TRUE(rig.control(s, Action::resume));
  ASSERT_TRUE(rig.control(s, Action::pause));
  const auto tick = s->tick();
  ASSERT_TRUE(rig.advance(s, 7));
  EXPECT_EQ(s->tick(), tick + 7);
  EXPECT_EQ(s->state(), State::paused);
  ASSERT_TRUE(rig.control(s, Action::resume));
  ASSERT_TRUE(rig.until([&] { return s->tick() > tick + 20; }));
}

TEST(Registry, StopsExactlyAtTheStopTimeAlsoWhenFree) {
  Rig rig;
  for (const auto* pace : {"free", "manual", "realtime"}) {
    const auto s =
        rig.create(std::string(R"({"model":"counter","stop_at_s":0.05,"pace":{"mode":")") + pace + R"("}})").value();
    if (std::string_view(pace) == "manual") {
      ASSERT_TRUE(rig.advance(s, 1000));
    }
    ASSERT_TRUE(rig.until([&] { return s->state() == State::stopped; })) << pace;
    EXPECT_EQ(s->tick(), 50U) << pace;
    rig.registry->sweep();
    EXPECT_EQ(rig.write(s, R"({"values":{"rate":1}})").error().code, "wrong_state");
    ASSERT_TRUE(rig.control(s, Action::reset));
    EXPECT_EQ(s->tick(), 0U);
    EXPECT_EQ(s->state(), State::ready);
  }
}

TEST(Registry, AppliesAWriteAtTheTickItNames) {
  Rig rig;
  const auto s = rig.create(R"({"model":"counter","pace":{"mode":"manual"},"lanes":3})").value();
  EXPECT_EQ(rig.write(s, R"({"values":{"rate":11},"lanes":[1],"at_tick":5})")->tick, 5U);
  ASSERT_TRUE(rig.advance(s, 10));
  EXPECT_NEAR(rig.sum(s, 0), 0.010, 1e-12);
  EXPECT_NEAR(rig.sum(s, 1), 0.005 + 0.055, 1e-12);
  EXPECT_EQ(rig.write(s, R"({"values":{"rate":1},"at_tick":9})").error().code, "tick_passed");
}

// Aim: manual pace has no clock. Method: a session of one tick per second, put under the hand while it moves.
TEST(Registry, StandsAsSoonAsItsPaceIsManual) {
  Rig rig;
  const auto s = rig.create(R"({"model":"counter","pace":{"mode":"realtime","rate":0.001}})").value();
  ASSERT_TRUE(rig.patch(s, R"({"pace":{"mode":"manual"}})"));
  const auto tick = s->tick();
  EXPECT_LT(tick, 100U);
  EXPECT_EQ(s->state(), State::running);
  ASSERT_TRUE(rig.advance(s, 5));
  EXPECT_EQ(s->tick(), tick + 5);
  ASSERT_TRUE(rig.patch(s, R"({"pace":{"mode":"free"}})"));
  ASSERT_TRUE(rig.until([&] { return s->tick() > tick + 100; }));
  ASSERT_TRUE(rig.patch(s, R"({"pace":{"mode":"manual"}})"));
  const auto stands = s->tick();
  for (int i = 0; i < 20; ++i) EXPECT_EQ(rig.checkpoint(s)->get()->tick, stands);
}

TEST(Registry, PreparesOnAParameterWrite) {
  Rig rig;
  const auto s = rig.create(R"({"model":"counter","pace":{"mode":"manual"},"lanes":2})").value();
  ASSERT_TRUE(rig.write(s, R"({"values":{"gain":[2,5]}})"));
  ASSERT_TRUE(rig.advance(s, 1));
  EXPECT_NEAR(rig.sum(s, 0), 0.002, 1e-15);
  EXPECT_NEAR(rig.sum(s, 1), 0.005, 1e-15);
}

// Aim: columns that are the same in all lanes are kept once, and come back in all of them. Method: one column of each
// kind, one lane apart, and a zero of each sign.
TEST(Registry, RestoresWhatIsTheSameInAllLanesAndWhatIsNot) {
  Rig rig;
  const auto s =
      rig.create(
             R"({"model":"counter","pace":{"mode":"manual"},"lanes":300,"inputs":{"rate":0},"parameters":{"gain":3}})")
          .value();
  ASSERT_TRUE(rig.advance(s, 3));
  ASSERT_TRUE(rig.write(s, R"({"values":{"rate":-0.0},"lanes":[299]})"));
  const auto mixed = rig.checkpoint(s, "mixed").value();
  ASSERT_TRUE(rig.write(s, R"({"values":{"rate":5,"gain":7}})"));
  ASSERT_TRUE(rig.advance(s, 3));
  ASSERT_TRUE(rig.restore(s, "mixed"));
  EXPECT_EQ(rig.checkpoint(s)->get()->digest, mixed->digest);
}

TEST(Registry, RestoresACheckpointAndForksIt) {
  Rig rig;
  const auto s = rig.create(R"({"model":"counter","pace":{"mode":"manual"},"lanes":300,"seed":7})").value();
  ASSERT_TRUE(rig.advance(s, 10));
  ASSERT_TRUE(rig.write(s, R"({"values":{"rate":4},"at_tick":15})"));
  const auto at10 = rig.checkpoint(s, "ten").value();
  ASSERT_TRUE(rig.advance(s, 10));
  const auto at20 = rig.checkpoint(s).value();
  EXPECT_NE(at10->digest, at20->digest);

  const auto copy =
      rig.fork(s, {.checkpoint = "ten", .name = "copy", .pace = {}, .inputs = {}, .start = false}).value();
  EXPECT_EQ(copy->state(), State::paused);
  EXPECT_EQ(copy->tick(), 10U);
  ASSERT_TRUE(rig.advance(copy, 10));
  EXPECT_EQ(rig.checkpoint(copy)->get()->digest, at20->digest);

  ASSERT_TRUE(rig.restore(s, "ten"));
  EXPECT_EQ(s->tick(), 10U);
  EXPECT_EQ(rig.checkpoint(s)->get()->digest, at10->digest);
  ASSERT_TRUE(rig.advance(s, 10));
  EXPECT_EQ(rig.checkpoint(s)->get()->digest, at20->digest);
}

// A parcel of this many lanes is asked of the system in huge pages.
TEST(Registry, ForksASessionThatIsLargeOrHasAllItsCheckpoints) {
  Rig rig;
  const auto s = rig.create(R"({"model":"counter","pace":{"mode":"manual"},"lanes":40000,"seed":7})").value();
  ASSERT_TRUE(rig.advance(s, 3));
  const auto small = rig.create(R"({"model":"counter","pace":{"mode":"manual"}})").value();
  for (std::size_t i = 0; i < limits::checkpoints; ++i) ASSERT_TRUE(rig.checkpoint(small));
  EXPECT_EQ(rig.checkpoint(small).error().code, "limit_reached");
  EXPECT_TRUE(rig.fork(small, {}));
  const auto at3 = rig.checkpoint(s).value();
  const auto copy = rig.fork(s, {}).value();
  EXPECT_EQ(rig.checkpoint(copy)->get()->digest, at3->digest);
  ASSERT_TRUE(rig.restore(s, at3->id));
  EXPECT_EQ(rig.checkpoint(s)->get()->digest, at3->digest);
}

TEST(Registry, FailsTheSessionOfABadLaneAndNoOther) {
  Rig rig;
  const auto good = rig.create(R"({"model":"counter"})").value();
  const auto bad = rig.create(R"({"model":"counter","lanes":4})").value();
  for (const auto* fault : {"1", "3"}) {
    ASSERT_TRUE(rig.write(bad, std::string(R"({"values":{"fault":)") + fault + R"(},"lanes":[2]})"));
    ASSERT_TRUE(rig.until([&] { return bad->state() == State::failed; }));
    rig.registry->sweep();
    ASSERT_TRUE(rig.until([&] { return bad->info().reason.has_value(); }));
    EXPECT_EQ(bad->info().reason->lane, 2U);
    EXPECT_EQ(bad->info().reason->plugin, "counter_plugin");
    EXPECT_TRUE(std::isfinite(rig.sum(bad, 2)));
    ASSERT_TRUE(rig.control(bad, Action::reset));
    ASSERT_TRUE(rig.control(bad, Action::resume));
  }
  const auto tick = good->tick();
  ASSERT_TRUE(rig.until([&] { return good->tick() > tick + 10; }));
  EXPECT_EQ(good->state(), State::running);
}

TEST(Registry, FailsAllSessionsOfAPluginThatGaveUpUntilItIsReloaded) {
  Rig rig;
  const auto manual = rig.create(R"({"model":"counter","pace":{"mode":"manual"},"inputs":{"fault":4}})").value();
  const auto running = rig.create(R"({"model":"counter","step_s":0.002})").value();
  const auto ready = rig.create(R"({"model":"counter","start":false})").value();
  std::string failed_plugin;
  rig.registry->on_event([&](const Event& event) {
    if (event.type == "plugin.failed") failed_plugin = event.data.find("plugin")->string();
  });
  EXPECT_TRUE(rig.advance(manual, 1)) << "it was answered; what became of it stands in the session";
  rig.registry->sweep();
  for (const auto& session : {manual, running, ready}) {
    ASSERT_TRUE(Rig::until([&] { return session->info().reason.has_value(); }));
    EXPECT_EQ(session->state(), State::failed);
    EXPECT_EQ(session->info().reason->code, "plugin_fatal");
    EXPECT_THAT(session->info().reason->detail, ::testing::HasSubstr(manual->id()));
  }
  const auto tick = running->tick();
  EXPECT_EQ(rig.create(R"({"model":"counter"})").error().code, "plugin_unavailable");
  EXPECT_EQ(rig.control(ready, Action::reset).error().code, "plugin_unavailable");
  EXPECT_EQ(rig.fork(ready, {}).error().code, "plugin_unavailable");
  EXPECT_EQ(running->tick(), tick);
  EXPECT_EQ(failed_plugin, rig.model->plugin);

  const auto next = support::make_counter(2);
  const auto exchanged =
      support::await<Registry::Exchanged>([&](auto done) { rig.registry->exchange(rig.model, next, done); });
  ASSERT_TRUE(exchanged) << exchanged.error().detail;
  EXPECT_TRUE(rig.create(R"({"model":"counter"})"));
  EXPECT_TRUE(rig.control(ready, Action::reset));
  EXPECT_EQ(ready->state(), State::ready);
}

TEST(Registry, ChangesThePaceOfARunningSession) {
  Rig rig;
  const auto s = rig.create(R"({"model":"counter"})").value();
  ASSERT_TRUE(rig.patch(s, R"({"pace":{"mode":"free"}})"));
  ASSERT_TRUE(rig.until([&] { return s->tick() > 20'000; }));
  ASSERT_TRUE(rig.patch(s, R"({"pace":{"mode":"manual"}})"));
  const auto tick = s->tick();
  ASSERT_TRUE(rig.advance(s, 3));
  EXPECT_EQ(s->tick(), tick + 3);
  ASSERT_TRUE(rig.patch(s, R"({"pace":{"mode":"realtime","rate":2}})"));
  ASSERT_TRUE(rig.until([&] { return s->tick() > tick + 50; }));
  EXPECT_NEAR(rig.sum(s), static_cast<double>(s->tick()) * 1e-3, 0.05);
}

TEST(Registry, BoundsSessionsLanesAndNames) {
  Rig rig(2, 10);
  const auto a = rig.create(R"({"model":"counter","name":"a","lanes":8})").value();
  EXPECT_EQ(rig.create(R"({"model":"counter","lanes":3})").error().code, "limit_reached");
  EXPECT_EQ(rig.create(R"({"model":"counter","name":"a"})").error().code, "name_taken");
  const auto b = rig.create(R"({"model":"counter","name":"b"})").value();
  EXPECT_EQ(rig.create(R"({"model":"counter"})").error().code, "limit_reached");
  EXPECT_EQ(rig.patch(b, R"({"name":"a"})").error().code, "name_taken");
  ASSERT_TRUE(rig.remove(a));
  EXPECT_EQ(rig.registry->find("a"), nullptr);
  EXPECT_EQ(rig.write(a, R"({"values":{"rate":1}})").error().code, "not_found");
  EXPECT_TRUE(rig.patch(b, R"({"name":"a"})"));
  EXPECT_EQ(rig.registry->find("a"), b);
}

TEST(Registry, GivesTheSameBytesHoweverSessionsArePacked) {
  std::string digest;
  for (const int others : {0, 3, 70, 300}) {
    Rig rig;
    for (int i = 0; i < others; ++i) ASSERT_TRUE(rig.create(R"({"model":"counter","start":false})"));
    const auto s = rig.create(R"({"model":"counter","lanes":40,"seed":3,"stop_at_s":0.02})").value();
    ASSERT_TRUE(rig.until([&] { return s->state() == State::stopped; }));
    const auto got = rig.checkpoint(s)->get()->digest;
    if (digest.empty()) digest = got;
    EXPECT_EQ(got, digest);
  }
}

}  // namespace
}  // namespace simhost::session
