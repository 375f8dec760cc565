// Reload under running sessions: state carried by id, the old library gone; what is bad leaves the old one running.
#include <gmock/gmock.h>

#include <tests/unit/services/house.hpp>

namespace simhost::services {
namespace {

using testing::HasSubstr;

class ReloadTest : public House {
 protected:
  ReloadTest() { EXPECT_TRUE(load()); }
  std::string version() { return text(get(call("GET", "/version"))); }
};

TEST_F(ReloadTest, CarriesRunningSessionsAndRemovesTheOldLibrary) {
  const auto handle = make(R"({"model":"tank","lanes":3,"parameters":{"gain":4}})");
  ASSERT_TRUE(until([&] { return session(handle)->tick() > 20; }));
  ASSERT_EQ(attach("profile", "slow", handle), SIM_OK);
  const auto before = session(handle)->tick();
  const auto report = reload("next.so");
  ASSERT_TRUE(report) << report.error().detail;
  EXPECT_EQ(report->from.generation, 1u);
  EXPECT_EQ(report->to.generation, 2u);
  EXPECT_EQ(report->to.version, "1.1.0");
  EXPECT_EQ(report->difference.verdict, plugin::Verdict::additive);
  EXPECT_EQ(report->sessions, 1u);
  EXPECT_GE(report->stall_max_us, report->stall_p50_us);
  EXPECT_EQ(report->old, plugin::Retired::gone);
  EXPECT_EQ(plugins->zombies(), 0u);
  const auto after = session(handle)->tick();
  EXPECT_GE(after, before);
  EXPECT_TRUE(until([&] { return session(handle)->tick() > after; }));
  EXPECT_EQ(session(handle)->info().generation, 2u);
  const std::uint32_t ids[] = {1, 3, 6};
  double values[9] = {};
  std::uint64_t tick = 0;
  ASSERT_EQ(sessions().read(host(), handle, ids, 3, 0, 3, values, &tick, &error), SIM_OK) << error.message;
  EXPECT_EQ(values[0], 4);
  EXPECT_NEAR(values[3], 4 * 1 * 0.001 * static_cast<double>(tick), 1e-6) << "no tick is lost or done twice";
  EXPECT_EQ(attachment("profile", handle), "slow");
  EXPECT_EQ(version(), "1.1.0");
  EXPECT_EQ(count_events("plugin.reloaded"), 1u);
  EXPECT_EQ(session(handle)->journal(engine::no_tick).back().kind, "reload");
  EXPECT_GT(plugins->stalls().sum_ns(), 0U);
}

TEST_F(ReloadTest, WithABadFileLeavesTheOldGenerationRunning) {
  const auto handle = make(running_tank);
  for (const char* file : {"create_fails.so", "prepare_fails.so", "bad_schema.so", "missing.so"}) {
    const auto tick = session(handle)->tick();
    const auto report = reload(file);
    ASSERT_FALSE(report) << file;
    EXPECT_FALSE(report.error().detail.empty());
    EXPECT_TRUE(until([&] { return session(handle)->tick() > tick; })) << file;
    EXPECT_EQ(session(handle)->state(), session::State::running) << file;
    EXPECT_EQ(session(handle)->info().generation, 1u) << file;
    EXPECT_EQ(version(), "1.0.0") << file;
  }
  EXPECT_EQ(plugins->zombies(), 0u);
  ASSERT_TRUE(reload("next.so")) << "and a good one still goes";
}

TEST_F(ReloadTest, RefusesABreakingChangeOnlyUnderSessions) {
  const auto handle = make(running_tank);
  const auto refused = reload("breaking.so");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "descriptor_breaking");
  ASSERT_FALSE(refused.error().errors.empty());
  EXPECT_THAT(refused.error().errors[0].detail, HasSubstr("gain"));
  EXPECT_EQ(version(), "1.0.0");
  ASSERT_EQ(sessions().control(host(), handle, SIM_DELETE, &error), SIM_OK);
  const auto report = reload("breaking.so");
  ASSERT_TRUE(report) << report.error().detail;
  EXPECT_EQ(report->difference.verdict, plugin::Verdict::breaking);
  EXPECT_EQ(report->old, plugin::Retired::gone);
  EXPECT_EQ(models.find("tank")->descriptor.find("gain"), nullptr);
}

TEST_F(ReloadTest, RehearsesWithoutChangingAnything) {
  const auto handle = make(running_tank);
  const auto report = reload("next.so", Rehearsal::dry_run);
  ASSERT_TRUE(report) << report.error().detail;
  EXPECT_EQ(report->difference.verdict, plugin::Verdict::additive);
  EXPECT_EQ(report->sessions, 1u);
  EXPECT_EQ(show(*report).find("dry_run")->boolean(), true);
  EXPECT_EQ(session(handle)->info().generation, 1u);
  EXPECT_EQ(version(), "1.0.0");
  EXPECT_EQ(reload("prepare_fails.so", Rehearsal::dry_run).error().code, "plugin_error");
  EXPECT_EQ(count_events("plugin.reloaded"), 0u);
}

TEST_F(ReloadTest, LetsARequestInWorkEndOnTheOldCode) {
  auto waiting = call("GET", "/wait");
  ASSERT_TRUE(until([&] { return metric("hangs") == 1; }));
  const auto report = reload("next.so");
  ASSERT_TRUE(report) << report.error().detail;
  EXPECT_EQ(report->old, plugin::Retired::draining);
  EXPECT_EQ(version(), "1.1.0") << "new requests go to the new code beside it";
  ASSERT_EQ(attach("let_go", "now"), SIM_OK);
  EXPECT_EQ(text(get(std::move(waiting))), "late");
  EXPECT_TRUE(until([&] { return plugins->find("tenant")->find("draining")->integer() == 0; }));
  EXPECT_EQ(plugins->zombies(), 0u);
}

TEST_F(ReloadTest, ComesBackToTheSameFileAsOftenAsAsked) {
  const auto handle = make(running_tank);
  for (int i = 0; i < 5; ++i) {
    const auto report = reload("");
    ASSERT_TRUE(report) << report.error().detail;
    EXPECT_EQ(report->difference.verdict, plugin::Verdict::same);
    EXPECT_EQ(report->old, plugin::Retired::gone);
  }
  EXPECT_EQ(session(handle)->info().generation, 6u);
  EXPECT_EQ(session(handle)->state(), session::State::running);
}

}  // namespace
}  // namespace simhost::services
