// Programs on sessions: values and ramps at exact ticks, in every pace, and what ends them.
#include <host/session/registry.hpp>

#include <set>

#include <gtest/gtest.h>

#include <tests/support/session_rig.hpp>

namespace simhost::session {
namespace {

using engine::Cue;
using support::gain_id;
using support::rate_id;
using support::sum_id;

Cue set(std::uint64_t at, std::uint32_t id, double value) { return {Cue::Kind::set, at, id, value, 0, {}}; }
Cue ramp(std::uint64_t at, std::uint32_t id, double to, std::uint64_t ticks) {
  return {Cue::Kind::ramp, at, id, to, ticks, {}};
}

struct RunRig : Rig {
  using Rig::Rig;
  std::vector<Event> events;
  std::mutex mutex;

  Result<Run> begin(const SessionPointer& s, engine::Script script, std::string name = "demo") {
    RunRequest request{"id-" + name, name, std::make_shared<const engine::Script>(std::move(script))};
    return support::await<Run>([&](auto done) { registry->begin_run(s, request, done); });
  }
  Result<std::size_t> end(const SessionPointer& s, Registry::EndRuns which = {}) {
    return support::await<std::size_t>([&](auto done) { registry->end_runs(s, which, done); });
  }
  double value(const SessionPointer& s, std::uint32_t id, std::uint32_t lane = 0) {
    return read(s, {id}, {lane})->values[0];
  }
};

TEST(Runs, SetsAtItsTickAndLeavesTheValue) {
  RunRig rig;
  const auto s = rig.create(R"({"model":"counter","pace":{"mode":"manual"}})").value();
  ASSERT_TRUE(rig.advance(s, 5));
  const auto run = rig.begin(s, {{set(0, rate_id, 3), set(10, rate_id, 7)}, 0, 0, {}});
  ASSERT_TRUE(run);
  EXPECT_EQ(run->start_tick, 5U);
  EXPECT_EQ(rig.value(s, rate_id), 3);
  ASSERT_TRUE(rig.advance(s, 10));
  EXPECT_EQ(rig.value(s, rate_id), 7);
  EXPECT_NEAR(rig.sum(s), 5e-3 + 10 * 3e-3, 1e-12);
  rig.registry->sweep();
  ASSERT_TRUE(rig.until([&] { return s->runs().empty(); }));
  EXPECT_EQ(rig.value(s, rate_id), 7);
  EXPECT_EQ(s->journal(0).back().tick, 15U);
}

// rate from 1 to 11 over 10 ticks: at tick k it is 1 + k, and the sum the triangle under it.
TEST(Runs, RampsInAStraightLineFromTheValueFound) {
  RunRig rig;
  const auto s =
      rig.create(R"({"model":"counter","pace":{"mode":"manual"},"lanes":2,"inputs":{"rate":[1,21]}})").value();
  ASSERT_TRUE(rig.begin(s, {{ramp(0, rate_id, 11, 10)}, 0, 0, {}}));
  for (int k = 0; k <= 12; ++k) {
    EXPECT_DOUBLE_EQ(rig.value(s, rate_id, 0), std::min(11, 1 + k)) << k;
    EXPECT_DOUBLE_EQ(rig.value(s, rate_id, 1), std::max(11, 21 - k)) << k;
    ASSERT_TRUE(rig.advance(s, 1));
  }
  EXPECT_NEAR(rig.sum(s, 0), (1 + 2 + 3 + 4 + 5 + 6 + 7 + 8 + 9 + 10 + 3 * 11) * 1e-3, 1e-12);
}

TEST(Runs, OverwritesAWriteToWhatItRamps) {
  RunRig rig;
  const auto s = rig.create(R"({"model":"counter","pace":{"mode":"manual"},"inputs":{"rate":0}})").value();
  ASSERT_TRUE(rig.begin(s, {{ramp(0, rate_id, 10, 10)}, 0, 0, {}}));
  ASSERT_TRUE(rig.write(s, R"({"values":{"rate":100},"at_tick":4})"));
  ASSERT_TRUE(rig.advance(s, 2));
  ASSERT_TRUE(rig.write(s, R"({"values":{"rate":500}})"));
  EXPECT_EQ(rig.value(s, rate_id), 2);
  ASSERT_TRUE(rig.advance(s, 2));
  EXPECT_EQ(rig.value(s, rate_id), 4);
  ASSERT_TRUE(rig.advance(s, 6));
  EXPECT_EQ(rig.value(s, rate_id), 10);
  ASSERT_TRUE(rig.write(s, R"({"values":{"rate":100}})"));  // the ramp is over
  EXPECT_EQ(rig.value(s, rate_id), 100);
}

TEST(Runs, BeginsAgainAfterItsPeriodUntilItIsEnded) {
  RunRig rig;
  const auto s = rig.create(R"({"model":"counter","pace":{"mode":"manual"}})").value();
  ASSERT_TRUE(rig.begin(s, {{set(1, rate_id, 2), set(3, rate_id, 5)}, 4, 0, {}}));
  const double expected[] = {1, 2, 2, 5, 5, 2, 2, 5, 5, 2};
  for (int k = 0; k < 10; ++k) {
    EXPECT_EQ(rig.value(s, rate_id), expected[k]) << k;
    ASSERT_TRUE(rig.advance(s, 1));
  }
  EXPECT_EQ(rig.end(s).value(), 1U);
  ASSERT_TRUE(rig.advance(s, 3));
  EXPECT_EQ(rig.value(s, rate_id), 2);
  EXPECT_EQ(rig.end(s).value(), 0U);
}

TEST(Runs, DoesTheSameInEveryPace) {
  RunRig rig;
  const engine::Script script{
      {ramp(3, rate_id, 9, 37), set(50, gain_id, 4), ramp(60, rate_id, -3, 25), set(70, rate_id, 2)}, 95, 0, {}};
  std::vector<std::string> digests;
  for (const auto* pace : {"manual", "free", "realtime"}) {
    const auto s =
        rig.create(std::string(R"({"model":"counter","start":false,"lanes":3,"stop_at_s":0.3,"pace":{"mode":")") +
                   pace + R"("}})")
            .value();
    ASSERT_TRUE(rig.begin(s, script));
    ASSERT_TRUE(rig.control(s, Action::resume));
    if (std::string_view(pace) == "manual") {
      for (int k = 0; k < 30; ++k) ASSERT_TRUE(rig.advance(s, 10));
    }
    ASSERT_TRUE(rig.until([&] { return s->state() == State::stopped; })) << pace;
    digests.push_back(rig.checkpoint(s)->get()->digest);
  }
  EXPECT_EQ(digests[0], digests[1]);
  EXPECT_EQ(digests[0], digests[2]);
}

TEST(Runs, HaveOneScenarioPerLane) {
  RunRig rig;
  const auto s = rig.create(R"({"model":"counter","pace":{"mode":"manual"},"lanes":4})").value();
  ASSERT_TRUE(rig.begin(s, {{set(9, rate_id, 2)}, 0, 0, {0, 1}}, "a"));
  EXPECT_EQ(rig.begin(s, {{set(9, rate_id, 3)}, 0, 0, {1, 2}}, "b").error().code, "in_use");
  EXPECT_EQ(rig.begin(s, {{set(9, rate_id, 3)}, 0, 0, {}}, "b").error().code, "in_use");
  ASSERT_TRUE(rig.begin(s, {{set(9, rate_id, 3)}, 0, 0, {2, 3}}, "b"));
  ASSERT_TRUE(rig.advance(s, 9));
  EXPECT_EQ(rig.value(s, rate_id, 1), 2);
  EXPECT_EQ(rig.value(s, rate_id, 2), 3);
}

TEST(Runs, EndWithAResetAndComeBackWithACheckpoint) {
  RunRig rig;
  const auto s = rig.create(R"({"model":"counter","pace":{"mode":"manual"},"inputs":{"rate":0}})").value();
  ASSERT_TRUE(rig.begin(s, {{ramp(0, rate_id, 100, 100)}, 0, 0, {}}));
  ASSERT_TRUE(rig.advance(s, 30));
  const auto kept = rig.checkpoint(s).value();
  ASSERT_EQ(kept->runs.size(), 1U);
  ASSERT_TRUE(rig.advance(s, 30));
  const double sum = rig.sum(s);
  const auto fork = rig.fork(s, {}).value();
  ASSERT_TRUE(rig.control(s, Action::reset));
  EXPECT_TRUE(s->runs().empty());
  ASSERT_TRUE(rig.restore(s, kept->id));
  EXPECT_EQ(s->runs().size(), 1U);
  ASSERT_TRUE(rig.advance(s, 30));
  EXPECT_EQ(rig.value(s, rate_id), 60);
  EXPECT_EQ(rig.sum(s), sum);
  ASSERT_TRUE(rig.advance(fork, 10));
  EXPECT_EQ(rig.value(fork, rate_id), 70);
}

TEST(Runs, ComeBackFromADocument) {
  RunRig rig;
  const auto s = rig.create(R"({"model":"counter","pace":{"mode":"manual"},"lanes":2,"inputs":{"rate":0}})").value();
  ASSERT_TRUE(rig.begin(s, {{ramp(0, rate_id, 100, 100), set(200, gain_id, 3)}, 300, 0, {}}));
  ASSERT_TRUE(rig.advance(s, 30));
  const auto kept = rig.checkpoint(s).value();
  const auto document = parse_json(to_json(to_document(kept->runs.front()))).value();
  const auto back = kept_run_of(document, 2);
  ASSERT_TRUE(back);
  EXPECT_EQ(*back->script, *kept->runs.front().script);
  EXPECT_EQ(back->state, kept->runs.front().state);
  const auto replayed = run_request_of(s->journal(engine::no_tick).front().detail, 2);
  ASSERT_TRUE(replayed);
  EXPECT_EQ(*replayed->script, *back->script);
  EXPECT_FALSE(kept_run_of(document, 3));  // the values found do not fit the lanes
}

// The values are the same all along: only what is to come differs.
TEST(Runs, AreInTheDigest) {
  RunRig rig;
  const auto make = [&] { return rig.create(R"({"model":"counter","pace":{"mode":"manual"},"lanes":2})").value(); };
  const auto digest = [&](const SessionPointer& s) { return rig.checkpoint(s).value()->digest; };
  const auto none = make(), early = make(), late = make(), other = make(), split = make();
  const engine::Script script{{set(50, rate_id, 9)}, 0, 0, {}};
  ASSERT_TRUE(rig.begin(early, script));
  ASSERT_TRUE(rig.begin(other, {{set(51, rate_id, 9)}, 0, 0, {}}));
  // As two halves, begun in the other order, it is another thing to end, and other programs.
  ASSERT_TRUE(rig.begin(split, {{set(50, rate_id, 9)}, 0, 0, {1}}, "b"));
  ASSERT_TRUE(rig.begin(split, {{set(50, rate_id, 9)}, 0, 0, {0}}, "a"));
  for (const auto& s : {none, early, late, other, split}) ASSERT_TRUE(rig.advance(s, 3));
  const auto same = make();
  ASSERT_TRUE(rig.begin(same, {{set(50, rate_id, 9)}, 0, 0, {0, 1}}, "named otherwise"));
  ASSERT_TRUE(rig.advance(same, 3));
  ASSERT_TRUE(rig.begin(late, script));
  EXPECT_EQ(digest(early), digest(same));
  std::set<std::string> all;
  for (const auto& s : {none, early, late, other, split}) all.insert(digest(s));
  EXPECT_EQ(all.size(), 5U);
  for (const auto& s : {early, late, other, split}) {
    ASSERT_TRUE(rig.end(s));
    EXPECT_EQ(digest(s), digest(none));
  }
}

TEST(Runs, HaveTheSameDigestInWhateverOrderTheyBegan) {
  RunRig rig;
  std::vector<std::string> digests;
  for (const bool forth : {true, false}) {
    const auto s = rig.create(R"({"model":"counter","pace":{"mode":"manual"},"lanes":2})").value();
    for (const std::uint32_t lane : {forth ? 0U : 1U, forth ? 1U : 0U})
      ASSERT_TRUE(rig.begin(s, {{ramp(2, rate_id, 9, 10)}, 0, 0, {lane}}));
    ASSERT_TRUE(rig.advance(s, 5));
    digests.push_back(rig.checkpoint(s).value()->digest);
  }
  EXPECT_EQ(digests[0], digests[1]);
}

TEST(Runs, KeepTheirDigestThroughARestoreAndAFork) {
  RunRig rig;
  const auto s =
      rig.create(R"({"model":"counter","pace":{"mode":"manual"},"lanes":2,"inputs":{"rate":[0,3]}})").value();
  ASSERT_TRUE(rig.begin(s, {{ramp(0, rate_id, 100, 100), set(120, gain_id, 3)}, 150, 0, {}}));
  ASSERT_TRUE(rig.advance(s, 30));
  const auto kept = rig.checkpoint(s).value();
  const auto fork = rig.fork(s, {}).value();
  EXPECT_EQ(rig.checkpoint(fork).value()->digest, kept->digest);
  ASSERT_TRUE(rig.advance(s, 300));
  const auto later = rig.checkpoint(s).value()->digest;
  ASSERT_TRUE(rig.restore(s, kept->id));
  EXPECT_EQ(rig.checkpoint(s).value()->digest, kept->digest);
  for (const auto& again : {s, fork}) {
    ASSERT_TRUE(rig.advance(again, 300));
    EXPECT_EQ(rig.checkpoint(again).value()->digest, later);
  }
}

}  // namespace
}  // namespace simhost::session
