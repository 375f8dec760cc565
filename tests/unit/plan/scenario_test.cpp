// Scenarios: what is refused, what is kept, and what they do to a session.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <tests/unit/plan/plan_rig.hpp>

namespace simhost::plan {
namespace {

using support::gain_id;
using support::rate_id;

constexpr std::string_view heat = R"({"name":"heat","model":"counter","timeline":[
  {"t_s":0,"set":{"rate":4}},{"t_s":0.01,"ramp":{"rate":{"to":24,"over_s":0.02}}},{"t_s":0.05,"set":{"gain":3}}]})";

TEST(Scenario, NamesAllFaultsAtOnceWithTheirPlaces) {
  Rig rig;
  const auto made = rig.scenarios.create(Rig::json(R"({"name":"Not A Name","model":"counter","timelin":[],"timeline":[
    {"t_s":0,"set":{"rat":1,"sum":2,"rate":[1,2]}},
    {"t_s":5,"ramp":{"rate":{"to":1},"gain":{"to":"x","over_s":0}}},
    {"t_s":4,"command":{"name":"none"}},
    {"set":{"rate":1}},{"t_s":9},{"t_s":10,"sets":{}}],"repeat":true})"));
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, "validation_failed");
  EXPECT_THAT(
      pointers(made.error()),
      testing::UnorderedElementsAre(
          "/name invalid_format", "/timelin unknown_key", "/timeline/0/set/rat unknown_key",
          "/timeline/0/set/sum not_writable", "/timeline/0/set/rate wrong_type", "/timeline/1/ramp/rate/over_s missing",
          "/timeline/1/ramp/gain/to wrong_type", "/timeline/1/ramp/gain/over_s value_out_of_range",
          "/timeline/2/t_s value_out_of_range", "/timeline/2/command/name unknown_command", "/timeline/3/t_s missing",
          "/timeline/4 missing", "/timeline/5/sets unknown_key", "/timeline/5 missing", "/period_s missing"));
  EXPECT_THAT(made.error().errors[0].detail + made.error().errors[1].detail, testing::Not(testing::IsEmpty()));
  EXPECT_TRUE(rig.scenarios.list().empty());
}

TEST(Scenario, HasANameOfItsOwnAndAModelThatIsThere) {
  Rig rig;
  ASSERT_TRUE(rig.scenarios.create(Rig::json(heat)));
  EXPECT_EQ(rig.scenarios.create(Rig::json(heat)).error().code, "name_taken");
  const auto unknown =
      rig.scenarios.create(Rig::json(R"({"name":"b","model":"countr","timeline":[{"t_s":0,"set":{}}]})"));
  EXPECT_EQ(unknown.error().code, "unknown_model");
  EXPECT_THAT(unknown.error().errors[0].detail, testing::HasSubstr("counter"));
}

TEST(Scenario, RunsOnASessionAndLeavesItsValues) {
  Rig rig;
  ASSERT_TRUE(rig.scenarios.create(Rig::json(heat)));
  const auto s = rig.create(R"({"model":"counter","pace":{"mode":"manual"}})").value();
  ASSERT_TRUE(rig.advance(s, 100));
  const auto run = rig.start(s, R"({"scenario":"heat"})").value();
  EXPECT_EQ(run.start_tick, 100U);
  ASSERT_TRUE(rig.advance(s, 20));
  EXPECT_DOUBLE_EQ(rig.value(s, rate_id), 14);
  ASSERT_TRUE(rig.advance(s, 30));
  EXPECT_EQ(rig.value(s, rate_id), 24);
  EXPECT_EQ(rig.value(s, gain_id), 3);
}

TEST(Scenario, IsKeptFromChangesWhileItRuns) {
  Rig rig;
  const auto id = rig.scenarios.create(Rig::json(heat))->id;
  const auto s = rig.create(R"({"model":"counter","pace":{"mode":"manual"}})").value();
  ASSERT_TRUE(rig.start(s, R"({"scenario":"heat"})"));
  EXPECT_EQ(rig.scenarios.remove(id).error().code, "in_use");
  EXPECT_EQ(rig.scenarios.replace("heat", Rig::json(heat)).error().code, "in_use");
  ASSERT_TRUE(support::await<std::size_t>([&](auto done) { rig.registry->end_runs(s, {}, done); }));
  EXPECT_EQ(rig.scenarios.replace("heat", Rig::json(heat))->id, id);
  ASSERT_TRUE(rig.scenarios.remove(id));
  EXPECT_EQ(rig.scenarios.remove(id).error().code, "not_found");
  EXPECT_EQ(rig.start(s, R"({"scenario":"heat"})").error().code, "unknown_reference");
}

TEST(Scenario, ComesBackFromTheStore) {
  Rig rig;
  const auto made = rig.scenarios.create(Rig::json(heat)).value();
  Scenarios again(*rig.registry, *rig.store, system_clock());
  ASSERT_TRUE(again.load());
  ASSERT_EQ(again.list().size(), 1U);
  EXPECT_EQ(show(again.list()[0]), show(made));
}

TEST(Scenario, DoesNotFitAStepThatIsTooLong) {
  Rig rig;
  ASSERT_TRUE(rig.scenarios.create(Rig::json(
      R"({"name":"quick","model":"counter","repeat":true,"period_s":0.002,"timeline":[{"t_s":0,"set":{"rate":4}},
          {"t_s":0.001,"set":{"rate":5}}]})")));
  const auto s = rig.create(R"({"model":"counter","pace":{"mode":"manual"},"step_s":0.1})");
  ASSERT_TRUE(s);
  EXPECT_EQ(rig.start(*s, R"({"scenario":"quick"})").error().errors[0].pointer, "/period_s");
}

}  // namespace
}  // namespace simhost::plan
