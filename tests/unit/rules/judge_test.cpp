// Judging tick by tick: conditions, hysteresis, times, counters, changes, groups, and the words of an alert.
#include <host/rules/judge.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <host/rules/message.hpp>
#include <tests/support/counter_model.hpp>

namespace simhost::rules {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using Kind = When::Kind;

RulePointer rule(std::string name, When when, std::string group = "", std::int64_t order = 0) {
  Rule r;
  r.id = r.name = std::move(name);
  r.variable = "sum";
  r.when = when;
  r.group = std::move(group);
  r.order = order;
  return std::make_shared<const Rule>(r);
}

RulePointer changed(const RulePointer& from, const std::function<void(Rule&)>& change) {
  Rule r = *from;
  change(r);
  return std::make_shared<const Rule>(r);
}

// Feeds values of `sum` (and `seen`, the counter), a row of lanes per tick, and writes down what is found.
struct Feeder {
  session::ModelPointer model = support::make_counter();
  std::vector<RulePointer> rules;
  std::uint32_t lanes;
  Judge judge;

  explicit Feeder(std::vector<RulePointer> all, std::uint32_t n = 1)
      : rules(std::move(all)), lanes(n), judge(rules, *model, n, 0.001, {}) {}

  std::vector<std::string> at(std::uint64_t tick, std::vector<double> row, double counter = 0) {
    for (std::uint32_t k = 0; k < lanes && judge.selection().ids.size() > 1; ++k) row.push_back(counter);
    std::vector<Finding> findings;
    judge.take({tick, static_cast<double>(tick) * 1e-3, 0, row.data()}, findings);
    std::vector<std::string> out;
    for (const auto& f : findings) {
      const char* what = f.what == Finding::What::raised ? "+" : f.what == Finding::What::cleared ? "-" : "!";
      out.push_back(what + f.rule->name + std::to_string(f.lane));
    }
    return out;
  }
};

TEST(Judge, RaisesAboveItsLimitAndClearsBelowTheHysteresis) {
  Feeder feed({rule("hot", {.kind = Kind::above, .high = 80, .hysteresis = 2})});
  EXPECT_THAT(feed.at(1, {80}), IsEmpty());
  EXPECT_THAT(feed.at(2, {80.1}), ElementsAre("+hot0"));
  EXPECT_THAT(feed.at(3, {79}), IsEmpty());
  EXPECT_THAT(feed.at(4, {78}), ElementsAre("-hot0"));
  EXPECT_THAT(feed.at(5, {79}), IsEmpty());
}

TEST(Judge, KnowsBelowOutsideAndEquals) {
  Feeder feed({rule("low", {.kind = Kind::below, .low = 1}), rule("out", {.kind = Kind::outside, .low = -5, .high = 5}),
               rule("is", {.kind = Kind::equals, .high = 3})});
  EXPECT_THAT(feed.at(1, {3}), ElementsAre("+is0"));
  EXPECT_THAT(feed.at(2, {6}), ElementsAre("+out0", "-is0"));
  EXPECT_THAT(feed.at(3, {-6}), ElementsAre("+low0"));
  EXPECT_THAT(feed.at(4, {2}), ElementsAre("-low0", "-out0"));
}

TEST(Judge, WaitsUntilItHasHeldForItsTime) {
  Feeder feed({rule("hot", {.kind = Kind::above, .high = 1, .for_s = 0.003})});
  EXPECT_THAT(feed.at(1, {2}), IsEmpty());
  EXPECT_THAT(feed.at(2, {2}), IsEmpty());
  EXPECT_THAT(feed.at(3, {0}), IsEmpty());
  for (std::uint64_t tick = 4; tick < 7; ++tick) EXPECT_THAT(feed.at(tick, {2}), IsEmpty()) << tick;
  EXPECT_THAT(feed.at(7, {2}), ElementsAre("+hot0"));
}

TEST(Judge, ComparesWithTheValueSomeSamplesBefore) {
  Feeder feed({rule("spike", {.kind = Kind::change, .high = 50, .samples = 2})});
  EXPECT_THAT(feed.at(1, {10}), IsEmpty());
  EXPECT_THAT(feed.at(2, {100}), IsEmpty());  // from the third on
  EXPECT_THAT(feed.at(3, {61}), ElementsAre("+spike0"));
  EXPECT_THAT(feed.at(4, {60}), ElementsAre("-spike0"));
  EXPECT_THAT(feed.at(5, {10}), ElementsAre("+spike0"));
}

TEST(Judge, LooksOnlyWhereTheCounterChanged) {
  const auto counted = changed(rule("hit", {.kind = Kind::above, .high = 1}), [](Rule& r) {
    r.on = "seen";
    r.pulse = true;
  });
  Feeder feed({counted});
  EXPECT_THAT(feed.at(1, {5}, 0), IsEmpty());
  EXPECT_THAT(feed.at(2, {5}, 1), ElementsAre("!hit0"));
  EXPECT_THAT(feed.at(3, {5}, 1), IsEmpty());
  EXPECT_THAT(feed.at(4, {5}, 2), ElementsAre("!hit0"));
  EXPECT_THAT(feed.at(5, {0}, 3), IsEmpty());
  Feeder first({counted});
  EXPECT_THAT(first.at(1, {5}, 1), ElementsAre("!hit0"));  // it counts from its start on
  Feeder late({counted});
  EXPECT_THAT(late.at(100, {5}, 40), IsEmpty());  // nobody knows when that was counted
}

TEST(Judge, GivesAGroupToItsFirst) {
  Feeder feed({rule("warning", {.kind = Kind::above, .high = 64}, "force", 2),
               rule("error", {.kind = Kind::above, .high = 80}, "force", 1)});
  EXPECT_THAT(feed.at(1, {70}), ElementsAre("+warning0"));
  EXPECT_THAT(feed.at(2, {90}), ElementsAre("-warning0", "+error0"));
  EXPECT_THAT(feed.at(3, {70}), ElementsAre("+warning0", "-error0"));
}

TEST(Judge, GoesByRuleAndLane) {
  const auto some = changed(rule("b", {.kind = Kind::above, .high = 1}), [](Rule& r) { r.lanes = {1, 2, 7}; });
  Feeder feed({rule("a", {.kind = Kind::above, .high = 1}), some}, 3);
  EXPECT_THAT(feed.at(1, {5, 0, 5}), ElementsAre("+a0", "+a2", "+b2"));
  EXPECT_THAT(feed.at(2, {5, 5, 0}), ElementsAre("+a1", "-a2", "+b1", "-b2"));
}

TEST(Judge, JudgesATickOnceAndBeginsAnewAfterAJumpBack) {
  Feeder feed({rule("spike", {.kind = Kind::change, .high = 5, .samples = 1})});
  EXPECT_THAT(feed.at(10, {0}), IsEmpty());
  EXPECT_THAT(feed.at(10, {50}), IsEmpty());
  EXPECT_THAT(feed.at(11, {6}), ElementsAre("+spike0"));
  EXPECT_THAT(feed.at(0, {500}), ElementsAre("-spike0"));
  EXPECT_THAT(feed.at(1, {500}), IsEmpty());
}

TEST(Judge, HandsItsStatesToTheNext) {
  const auto hot = rule("hot", {.kind = Kind::above, .high = 80});
  Feeder feed({hot});
  EXPECT_THAT(feed.at(1, {90}), ElementsAre("+hot0"));
  Judge next(feed.rules, *feed.model, 1, 0.001, feed.judge.take_states());
  const double value = 90;
  std::vector<Finding> findings;
  next.take({2, 0.002, 0, &value}, findings);
  EXPECT_THAT(findings, IsEmpty());
}

TEST(Judge, ShowsWhatElseItsRuleNamesAndByHowMuchAValueChanged) {
  const auto spike = changed(rule("spike", {.kind = Kind::change, .high = 50, .samples = 2}), [](Rule& r) {
    r.with = {"seen", "sum"};
  });
  Feeder feed({spike});
  std::vector<Finding> findings;
  for (const auto& [tick, value] : {std::pair{1, 10.0}, {2, 100.0}, {3, 70.5}}) {
    const double row[] = {value, 7.0 + tick};  // sum, then seen
    feed.judge.take({static_cast<std::uint64_t>(tick), tick * 1e-3, 0, row}, findings);
  }
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].change, 60.5);
  EXPECT_THAT(findings[0].with, ElementsAre(10.0, 70.5));
}

TEST(Judge, LeavesOutARuleThatShowsWhatTheModelHasNot) {
  const auto odd = changed(rule("odd", {.kind = Kind::above, .high = 0}), [](Rule& r) { r.with = {"nothing"}; });
  EXPECT_TRUE(Feeder({odd}).judge.empty());
}

TEST(Message, IsFilledFromItsTemplate) {
  const Words words{70.456, 64, 1.5, 0, 150, 2, "force_n", "N", "s", "force-warning", ""};
  EXPECT_EQ(fill_message("{variable} {value:.1} {unit} > {limit} at {time_s:.2} on {lane}", words),
            "force_n 70.5 N > 64 at 1.50 on 2");
  EXPECT_EQ(fill_message("", words), "force_n is 70.456, its limit 64");
  Words by = words;
  by.change = 12.34;
  EXPECT_EQ(fill_message("by {change:.1}", by), "by 12.3");
  EXPECT_FALSE(check_message("{valu}"));
  EXPECT_FALSE(check_message("{value"));
  EXPECT_FALSE(check_message("{lane:.1}"));
  EXPECT_TRUE(check_message("100 % of {limit:.0}"));
}

}  // namespace
}  // namespace simhost::rules
