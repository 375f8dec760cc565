// Rules over real sessions: made, judged at every tick, kept, cleared.
#include <host/rules/rules.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <tests/support/session_rig.hpp>

namespace simhost::rules {
namespace {

using session::SessionPointer;
using testing::UnorderedElementsAre;

struct RulesRig : session::Rig {
  telemetry::Pump pump{*registry};
  std::unique_ptr<store::Store> store = store::make_memory_store();
  std::unique_ptr<Rules> rules;
  std::mutex mutex;
  std::vector<session::Event> events;

  RulesRig() {
    registry->on_event([this](const session::Event& event) {
      const std::lock_guard lock(mutex);
      if (event.type.starts_with("alert.")) events.push_back(event);
    });
    reopen();
  }
  void reopen() {
    rules = nullptr;
    rules = std::make_unique<Rules>(*registry, pump, *store, system_clock());
    EXPECT_TRUE(rules->load());
  }
  Result<Rule> make(std::string_view body, std::string_view owner = "") {
    return rules->create(parse_json(body).value(), owner);
  }
  bool until_alerts(std::size_t n) {
    return until([&] { return rules->alerts().size() >= n; });
  }
};

TEST(Rules, NameAllFaultsAtOnceWithTheirPlaces) {
  RulesRig rig;
  const auto made = rig.make(R"({"name":"A","model":"counter","variable":"sumx","on":"label","lanes":[3,1],
    "with":["seen","sen"],"when":{"above":1,"below":2,"hysteresis":-1,"for":3},"severity":"bad","message":"{valu}",
    "grup":"x"})");
  ASSERT_FALSE(made);
  std::vector<std::string> places;
  for (const auto& error : made.error().errors) places.push_back(error.pointer);
  EXPECT_THAT(places, UnorderedElementsAre("/name", "/variable", "/on", "/lanes", "/with", "/when", "/when/hysteresis",
                                           "/when/for", "/severity", "/message", "/grup"));
  EXPECT_EQ(rig.make(R"({"name":"a","variable":"sum","when":{"above":1}})").error().errors[0].pointer, "");
  EXPECT_EQ(rig.make(R"({"name":"a","session":"s","variable":"sum","when":{"above":1}})").error().code,
            "unknown_session");
}

TEST(Rules, AreNoMoreThanIsSaid) {
  RulesRig rig;
  rig.rules = nullptr;
  rig.rules = std::make_unique<Rules>(*rig.registry, rig.pump, *rig.store, system_clock(), 2);
  const auto made = [&](const std::string& name) {
    return rig.make(R"({"name":")" + name + R"(","model":"counter","variable":"sum","when":{"above":1}})");
  };
  ASSERT_TRUE(made("a"));
  ASSERT_TRUE(made("b"));
  const auto third = made("c");
  ASSERT_FALSE(third);
  EXPECT_EQ(third.error().code, "limit_reached");
  ASSERT_TRUE(rig.rules->remove("a", ""));
  EXPECT_TRUE(made("c"));
}

// The sum passes 0.05 at tick 51 and 0.1 at tick 101 (rate 1, 1 ms).
TEST(Rules, RaiseAtTheTickAlsoWhenFree) {
  RulesRig rig;
  ASSERT_TRUE(rig.make(R"({"name":"low","model":"counter","variable":"sum","when":{"above":0.0505},
    "message":"{variable} {value:.3}"})"));
  ASSERT_TRUE(rig.make(R"({"name":"high","model":"counter","variable":"sum","when":{"above":0.1005},
    "severity":"error"})"));
  ASSERT_TRUE(rig.make(R"({"name":"first","model":"counter","variable":"seen","pulse":true,"on":"seen",
    "with":["sum","rate"],"when":{"below":2.5}})"));
  const auto s = rig.create(R"({"model":"counter","stop_at_s":0.5,"pace":{"mode":"free"}})").value();
  ASSERT_TRUE(rig.until_alerts(4));  // it waits for its judge: ticks 1 and 2 are seen
  ASSERT_TRUE(rig.until([&] { return s->state() == session::State::stopped; }));
  auto alerts = rig.rules->alerts();
  EXPECT_EQ(alerts[0].since.tick, 1U);
  EXPECT_EQ(alerts[1].since.tick, 2U);
  EXPECT_FALSE(alerts[0].active());
  EXPECT_EQ(to_json(alerts[1].with), R"({"sum":0.002,"rate":1.0})");
  EXPECT_EQ(rig.rules->alerts_of("", {"", alerts[1].id, 1}).at(0).id, alerts[2].id);
  EXPECT_TRUE(rig.rules->alerts_of("somebody", {}).empty());
  EXPECT_TRUE(rig.rules->alerts_of("", {"another", "", 10}).empty());
  EXPECT_EQ(rig.rules->find_alert(alerts[3].id)->since.tick, 101U);
  EXPECT_FALSE(rig.rules->find_alert("0"));
  alerts.erase(alerts.begin(), alerts.begin() + 2);
  EXPECT_EQ(alerts[0].since.tick, 51U);
  EXPECT_EQ(alerts[0].message, "sum 0.051");
  EXPECT_EQ(alerts[1].since.tick, 101U);
  EXPECT_EQ(alerts[1].severity, Severity::error);
  EXPECT_TRUE(alerts[0].active());
  const auto counts = rig.rules->counts();
  ASSERT_EQ(counts.size(), 2U);
  EXPECT_EQ(counts[0].raised + counts[1].raised, 4U);
  ASSERT_TRUE(rig.remove(s));
  ASSERT_TRUE(rig.until([&] { return !rig.rules->alerts()[2].active() && !rig.rules->alerts()[3].active(); }));
  const std::lock_guard lock(rig.mutex);
  EXPECT_EQ(rig.events.size(), 6U);
  EXPECT_EQ(rig.events.back().type, "alert.cleared");
}

TEST(Rules, ReachSessionsThatAreThereAlready) {
  RulesRig rig;
  const auto s = rig.create(R"({"model":"counter","name":"s","lanes":2})").value();
  ASSERT_TRUE(rig.make(R"({"name":"r","session":"s","variable":"rate","lanes":[1],"when":{"equals":7}})"));
  ASSERT_TRUE(rig.until([&] { return s->tap() != nullptr; }));
  ASSERT_TRUE(rig.write(s, R"({"values":{"rate":7}})"));
  ASSERT_TRUE(rig.until_alerts(1));
  EXPECT_EQ(rig.rules->alerts()[0].lane, 1U);
  ASSERT_TRUE(rig.write(s, R"({"values":{"rate":8}})"));
  ASSERT_TRUE(rig.until([&] { return !rig.rules->alerts()[0].active(); }));
  ASSERT_TRUE(rig.rules->remove("r", ""));
  ASSERT_TRUE(rig.write(s, R"({"values":{"rate":7}})"));
  EXPECT_TRUE(rig.rules->list().empty());
}

TEST(Rules, KeepAnAlertThatStandsWhenOthersComeAndGo) {
  RulesRig rig;
  const auto s = rig.create(R"({"model":"counter","name":"s"})").value();
  ASSERT_TRUE(rig.make(R"({"name":"r","session":"s","variable":"rate","when":{"above":0.5}})"));
  ASSERT_TRUE(rig.until_alerts(1));
  ASSERT_TRUE(rig.make(R"({"name":"other","session":"s","variable":"gain","when":{"above":0.5}})"));
  ASSERT_TRUE(rig.until_alerts(2));
  EXPECT_EQ(rig.rules->alerts()[0].rule_name, "r");
  EXPECT_TRUE(rig.rules->alerts()[0].active());
  const auto body = R"({"name":"r","session":"s","variable":"rate","when":{"above":5}})";
  ASSERT_TRUE(rig.rules->replace("r", parse_json(body).value(), ""));
  EXPECT_FALSE(rig.rules->alerts()[0].active());
}

TEST(Rules, ComeBackFromTheStoreWithTheirAlerts) {
  RulesRig rig;
  ASSERT_TRUE(rig.make(R"({"name":"r","model":"counter","variable":"rate","lanes":[0],"when":{"outside":[2,3],
    "hysteresis":0.1},"group":"g","order":2,"pulse":false})"));
  const auto s = rig.create(R"({"model":"counter","name":"s"})").value();
  ASSERT_TRUE(rig.until_alerts(1));
  const auto rule = show(rig.rules->list()[0]);
  const auto alert = show(rig.rules->alerts()[0]);
  rig.reopen();
  ASSERT_EQ(rig.rules->list().size(), 1U);
  EXPECT_EQ(show(rig.rules->list()[0]), rule);
  EXPECT_EQ(show(rig.rules->alerts()[0]), alert);
  EXPECT_EQ(rig.rules->counts()[0].active, 1U);
}

TEST(Rules, OfAPluginAreItsOwn) {
  RulesRig rig;
  const auto body = R"({"name":"r","model":"counter","variable":"rate","when":{"above":5}})";
  ASSERT_TRUE(rig.make(body, "counter"));
  EXPECT_EQ(rig.rules->remove("r", "").error().code, "in_use");
  EXPECT_EQ(rig.rules->replace("r", parse_json(body).value(), "other").error().code, "in_use");
  EXPECT_EQ(rig.make(body, "counter").error().code, "name_taken");
  ASSERT_TRUE(rig.rules->replace("r", parse_json(body).value(), "counter"));
  ASSERT_TRUE(rig.rules->remove("r", "counter"));
}

}  // namespace
}  // namespace simhost::rules
