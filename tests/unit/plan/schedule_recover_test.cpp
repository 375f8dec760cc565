// Schedules of simulated time after the end of their process: nothing is late, left out or done twice.
#include <gtest/gtest.h>

#include <host/plan/schedules.hpp>
#include <tests/support/session_rig.hpp>

namespace simhost::plan {
namespace {

using session::SessionPointer;
using session::State;

class ScheduleRecover : public testing::Test {
 protected:
  struct Host {
    session::Rig rig;
    Scenarios scenarios;
    Schedules schedules;
    explicit Host(store::Store& store)
        : rig(options(store)),
          scenarios(*rig.registry, store, system_clock()),
          schedules({*rig.registry, scenarios, {}}, store, system_clock()) {
      EXPECT_TRUE(schedules.load());
    }
    static session::RegistryOptions options(store::Store& store) {
      session::RegistryOptions options{1000, 100'000};
      options.store = &store;
      return options;
    }
  };
  std::unique_ptr<store::Store> store = store::make_memory_store();
  std::unique_ptr<Host> host = std::make_unique<Host>(*store);

  // As the host does it: what is known of schedules comes before the sessions, the looking after them.
  void start_again() {
    host = nullptr;
    host = std::make_unique<Host>(*store);
    support::await<std::size_t>([&](auto done) { host->rig.registry->recover(done); }).value();
  }
  void plan(std::string_view body) { ASSERT_TRUE(host->schedules.create(parse_json(body).value())); }
  bool armed() {
    return host->rig.until([&] { return host->schedules.settled(); });
  }
  SessionPointer session() { return host->rig.registry->find("s"); }
  std::vector<std::uint64_t> ticks() {
    std::vector<std::uint64_t> all;
    for (const auto& entry : session()->journal(engine::no_tick)) all.push_back(entry.tick);
    return all;
  }
};

TEST_F(ScheduleRecover, IsInTimeAtTheVeryNextTick) {
  auto s = host->rig.create(R"({"model":"counter","name":"s","start":false,"stop_at_s":0.02,"pace":{"mode":"free"}})")
               .value();
  support::await<session::Nothing>([&](auto done) { host->rig.registry->hold(s, 9, done); }).value();
  ASSERT_TRUE(host->rig.control(s, session::Action::resume));
  ASSERT_TRUE(host->rig.until([&] { return s->held().held; }));
  ASSERT_TRUE(host->rig.write(s, R"({"values":{"rate":1}})"));  // it is known to have come so far
  plan(R"({"name":"x","session":"s","when":{"time_s":0.01},"actions":[{"set":{"rate":5}}]})");
  s = nullptr;
  start_again();
  EXPECT_EQ(session()->state(), State::running);
  EXPECT_EQ(session()->tick(), 9U);
  host->schedules.start();
  ASSERT_TRUE(host->rig.until([&] { return session()->state() == State::stopped; }));
  EXPECT_EQ(session()->tick(), 20U);
  EXPECT_EQ(ticks().back(), 10U);
  EXPECT_NEAR(host->rig.sum(session()), 10 * 1e-3 + 10 * 5e-3, 1e-12);
}

TEST_F(ScheduleRecover, DoesEachOnceThroughManyEnds) {
  auto s = host->rig.create(R"({"model":"counter","name":"s","start":false,"stop_at_s":0.6,"pace":{"mode":"free"}})")
               .value();
  plan(R"({"name":"x","session":"s","when":{"every_s":0.01},
           "actions":[{"command":{"name":"add","args":{"amount":1},"confirm":true}}]})");
  host->schedules.start();
  ASSERT_TRUE(armed());
  ASSERT_TRUE(host->rig.control(s, session::Action::resume));
  for (const std::size_t upto : {15U, 30U, 45U}) {
    ASSERT_TRUE(host->rig.until([&] { return session()->journal(engine::no_tick).size() >= upto; }));
    s = nullptr;
    start_again();
    host->schedules.start();
  }
  ASSERT_TRUE(host->rig.until([&] { return session()->state() == State::stopped; }));
  std::vector<std::uint64_t> expected;
  for (std::uint64_t k = 1; k <= 60; ++k) expected.push_back(10 * k);
  EXPECT_EQ(ticks(), expected);
}

TEST_F(ScheduleRecover, ComesBackWithAPluginThatWasMissing) {
  auto s = host->rig.create(R"({"model":"counter","name":"s","pace":{"mode":"manual"}})").value();
  plan(R"({"name":"x","session":"s","when":{"time_s":0.01},"actions":[{"set":{"rate":5}}]})");
  host->schedules.start();
  ASSERT_TRUE(armed());
  s = nullptr;
  host = nullptr;
  host = std::make_unique<Host>(*store);
  host->rig.models.remove("counter");
  support::await<std::size_t>([&](auto done) { host->rig.registry->recover(done); }).value();
  host->schedules.start();
  EXPECT_EQ(session()->state(), State::failed);
  host->rig.models.put(host->rig.model);
  ASSERT_TRUE(host->rig.until([&] {
    host->rig.registry->sweep();
    return session()->state() == State::running;
  }));
  ASSERT_TRUE(host->rig.advance(session(), 20));
  EXPECT_EQ(ticks(), (std::vector<std::uint64_t>{10}));
}

}  // namespace
}  // namespace simhost::plan
