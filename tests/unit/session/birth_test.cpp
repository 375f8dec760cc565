// Who holds a session at its birth, and when it runs.
#include <gtest/gtest.h>

#include <host/store/store.hpp>
#include <tests/support/session_rig.hpp>

namespace simhost::session {
namespace {

class Birth : public testing::Test {
 protected:
  std::unique_ptr<store::Store> store = store::make_memory_store();
  std::unique_ptr<Rig> rig = make();
  int a = 0, b = 0;  // their places are the holders

  std::unique_ptr<Rig> make() {
    RegistryOptions options{1000, 100'000};
    options.store = store.get();
    return std::make_unique<Rig>(options);
  }
  void holds(const int& who) {
    rig->registry->on_birth(&who, [](const Session&) { return true; });
  }
  void let_go(const SessionPointer& s, const int& who) { rig->registry->let_go(s, &who); }
  SessionPointer create(std::string_view more = "") {
    return rig->create(R"({"model":"counter","name":"s","step_s":0.001)" + std::string(more) + "}").value();
  }
  Result<Nothing> hold(const SessionPointer& s, std::uint64_t tick) {
    return support::await<Nothing>([&](auto done) { rig->registry->hold(s, tick, done); });
  }
  // A write passes the driver, so that what came before it has happened.
  bool stands_at(const SessionPointer& s, std::uint64_t tick) {
    return rig->write(s, R"({"values":{"rate":1}})")->tick == tick && s->held().held && s->tick() == tick;
  }
  bool runs(const SessionPointer& s) {
    return rig->until([&] { return s->tick() > s->journal(engine::no_tick).back().tick + 5; });
  }
};

TEST_F(Birth, EndsWhenTheLastHolderLetsGo) {
  holds(a);
  holds(b);
  const auto s = create();
  EXPECT_EQ(s->state(), State::running);
  EXPECT_TRUE(stands_at(s, 0));
  let_go(s, b);
  let_go(s, b);
  EXPECT_TRUE(stands_at(s, 0));
  let_go(s, a);
  EXPECT_TRUE(runs(s));
}

TEST_F(Birth, HoldsNobodyWhenNobodyWantsTo) {
  rig->registry->on_birth(&a, [](const Session&) { return false; });
  const auto s = create();
  let_go(s, a);
  EXPECT_TRUE(rig->until([&] { return s->tick() > 5; }));
}

TEST_F(Birth, GoesOnToWhereItIsHeldNext) {
  holds(a);
  const auto s = create(R"(,"pace":{"mode":"free"})");
  ASSERT_TRUE(hold(s, 50));
  EXPECT_TRUE(stands_at(s, 0));
  let_go(s, a);
  ASSERT_TRUE(rig->until([&] { return s->tick() == 50; }));
  EXPECT_TRUE(stands_at(s, 50));
  ASSERT_TRUE(hold(s, engine::no_tick));
  EXPECT_TRUE(runs(s));
}

// A holder that asks for it and lets go before the others were asked.
TEST_F(Birth, TakesAHolderThatLetsGoAtOnce) {
  rig->registry->on_birth(&a, [this](const Session& born) {
    const auto s = rig->registry->find(born.id());
    rig->registry->hold(s, 7, [](const Result<Nothing>&) {});
    let_go(s, a);
    return true;
  });
  const auto s = create(R"(,"pace":{"mode":"free"})");
  ASSERT_TRUE(rig->until([&] { return s->tick() == 7; }));
  EXPECT_TRUE(stands_at(s, 7));
}

TEST_F(Birth, StaysUntilWhoWaitsForATickHasSeenAReset) {
  holds(a);
  const auto s = create();
  ASSERT_TRUE(hold(s, 50));
  ASSERT_TRUE(rig->control(s, Action::reset));
  ASSERT_TRUE(rig->control(s, Action::resume));
  let_go(s, a);
  EXPECT_TRUE(stands_at(s, 0));
  EXPECT_TRUE(s->held().moved);
  ASSERT_TRUE(hold(s, engine::no_tick));
  EXPECT_TRUE(runs(s));
}

TEST_F(Birth, EndsWithItsHolder) {
  holds(a);
  const auto s = create();
  EXPECT_TRUE(stands_at(s, 0));
  rig->registry->on_birth(&a, {});
  EXPECT_TRUE(runs(s));
}

TEST_F(Birth, HappensAgainWhenASessionComesBack) {
  const auto before = create();
  ASSERT_TRUE(rig->until([&] { return before->tick() > 20; }));
  const auto tick = rig->write(before, R"({"values":{"rate":2}})")->tick;
  rig.reset();
  rig = make();
  holds(a);
  holds(b);
  ASSERT_EQ(support::await<std::size_t>([&](auto done) { rig->registry->recover(done); }).value(), 1U);
  const auto s = rig->registry->find("s");
  const auto back = s->tick();
  EXPECT_EQ(s->state(), State::running);
  EXPECT_GE(back, tick);
  ASSERT_TRUE(hold(s, back + 3));
  let_go(s, a);
  EXPECT_TRUE(stands_at(s, back));
  let_go(s, b);
  ASSERT_TRUE(rig->until([&] { return s->tick() == back + 3; }));
  EXPECT_TRUE(stands_at(s, back + 3));
}

TEST_F(Birth, HoldsAPausedSessionThatComesBack) {
  const auto before = create(R"(,"start":false)");
  rig.reset();
  rig = make();
  holds(a);
  ASSERT_EQ(support::await<std::size_t>([&](auto done) { rig->registry->recover(done); }).value(), 1U);
  const auto s = rig->registry->find("s");
  ASSERT_TRUE(rig->control(s, Action::resume));
  EXPECT_TRUE(stands_at(s, 0));
  let_go(s, a);
  EXPECT_TRUE(runs(s));
}

}  // namespace
}  // namespace simhost::session
