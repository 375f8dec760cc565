// Reload as sessions see it: state carried by id, no tick lost, the old generation let go.
#include <host/session/registry.hpp>

#include <gtest/gtest.h>

#include <tests/support/session_rig.hpp>

namespace simhost::session {
namespace {

TEST(Reload, CarriesRunningSessionsToTheNextGeneration) {
  Rig rig;
  std::vector<SessionPointer> sessions;
  for (const auto* pace : {"realtime", "free", "manual", "realtime"})
    sessions.push_back(
        rig.create(std::string(R"({"model":"counter","lanes":20,"pace":{"mode":")") + pace + R"("}})").value());
  ASSERT_TRUE(rig.control(sessions[3], Action::pause));
  ASSERT_TRUE(rig.checkpoint(sessions[0], "before"));
  ASSERT_TRUE(rig.until([&] { return sessions[0]->tick() > 20; }));
  std::weak_ptr<const engine::StepModel> old = rig.model->step;
  const auto next = support::make_counter(2);
  auto report = support::await<Registry::Exchanged>([&](auto done) { rig.registry->exchange(rig.model, next, done); });
  ASSERT_TRUE(report) << report.error().detail;
  EXPECT_EQ(report->sessions, 4U);
  rig.model = nullptr;
  EXPECT_TRUE(rig.until([&] { return old.expired(); })) << "something still holds the old generation";
  for (const auto& s : sessions) {
    EXPECT_EQ(s->info().generation, 2U);
    if (s->info().pace.mode == engine::Pace::Mode::manual) {
      ASSERT_TRUE(rig.advance(s, 10));
    }
    ASSERT_TRUE(rig.control(s, s->state() == State::paused ? Action::stop : Action::pause));
    EXPECT_NEAR(rig.sum(s, 7), static_cast<double>(s->tick()) * 1e-3, 1e-6 * static_cast<double>(s->tick()));
  }
  ASSERT_TRUE(rig.restore(sessions[0], "before"));
}

TEST(Reload, GivesTheSameBytesAsNoReload) {
  Rig rig;
  const auto body = R"({"model":"counter","lanes":9,"pace":{"mode":"manual"},"parameters":{"gain":1.7}})";
  const auto plain = rig.create(body).value();
  const auto reloaded = rig.create(body).value();
  for (std::uint64_t g = 2; g < 12; ++g) {
    ASSERT_TRUE(rig.advance(plain, 3));
    ASSERT_TRUE(rig.advance(reloaded, 3));
    const auto next = support::make_counter(g);
    ASSERT_TRUE(support::await<Registry::Exchanged>(
        [&](auto done) { rig.registry->exchange(rig.models.find("counter"), next, done); }));
  }
  EXPECT_EQ(rig.checkpoint(plain)->get()->digest, rig.checkpoint(reloaded)->get()->digest);
  EXPECT_EQ(plain->tick(), 30U);
}

}  // namespace
}  // namespace simhost::session
