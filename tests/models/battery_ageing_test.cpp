/// Wear by time, heat, voltage and cycles, and sudden failures, against published rules and tables.
#include <tests/models/battery_bench.hpp>

#include <gtest/gtest.h>

namespace battery_sensor::test {
namespace {

constexpr double year_s = 365.25 * 86400;

/// A jar that is held at a temperature: no heat of its own counts.
Bench held_at(double t_c, double step_s = 60) {
  Bench bench(step_s);
  bench.u.ambient_temp_c = t_c;
  bench.p.rth_k_per_w = 0.001;
  bench.begin();
  return bench;
}

TEST(BatteryAgeing, LosesTwoPointsAYearAtTwentyFiveDegrees) {
  Bench bench = held_at(25);
  bench.run(year_s);
  EXPECT_NEAR(bench.y.soh_pct, 98.00, 0.01);
  EXPECT_NEAR(bench.y.internal_resistance_mohm, 3.5 * 1.05, 0.001);
}

/// exp(Ea/k (1/298.15 - 1/T)): the factors of the two rules at 35, 45 and 55 degC.
TEST(BatteryAgeing, GoesFasterInTheHeatByArrhenius) {
  struct Row {
    double ea_ev, t_c, factor;
  };
  constexpr Row rows[] = {{0.70, 35, 2.421},  {0.70, 45, 5.544},  {0.70, 55, 12.07},
                          {0.549, 35, 2.000}, {0.549, 45, 3.830}, {0.549, 15, 0.476}};
  for (const Row& row : rows) {
    Bench bench = held_at(row.t_c);
    bench.p.ea_ev = row.ea_ev;
    bench.tune();
    bench.run(year_s / 12);
    EXPECT_NEAR((100 - bench.y.soh_pct) * 12 / 2, row.factor, 0.005 * row.factor) << row.ea_ev << " eV, " << row.t_c;
  }
}

/// UPS vendors' rule: life halves per 8 C; 10 years at 25, 5 at 33, 2.5 at 41 degC.
TEST(BatteryAgeing, HalvesItsLifePerEightDegreesWithTheOtherEnergy) {
  for (const auto& [t_c, years] : {std::pair{25.0, 10.0}, {33.0, 5.0}, {41.0, 2.5}}) {
    Bench bench = held_at(t_c);
    bench.p.ea_ev = 0.70;
    bench.p.time_scale = 1000;
    bench.tune();
    const double hours = bench.hours_until([&] { return bench.y.soh_pct <= 80; }, 24 * 30);
    EXPECT_NEAR(hours * 1000 * 3600 / year_s, years, 0.03 * years) << t_c;
  }
}

TEST(BatteryAgeing, FollowsItsProfile) {
  struct Row {
    double profile, points, growth;
  };
  for (const Row& row :
       {Row{profile_healthy, 2, 1.05}, Row{profile_accelerated, 8, 1.15}, Row{profile_failing, 25, 1.40}}) {
    Bench bench = held_at(25);
    bench.p.profile = row.profile;
    bench.p.time_scale = 100;
    bench.tune();
    bench.run(year_s / 100);
    EXPECT_NEAR(100 - bench.y.soh_pct, row.points, 0.01 * row.points);
    EXPECT_NEAR(bench.y.internal_resistance_mohm, 3.5 * row.growth, 0.02);
  }
}

TEST(BatteryAgeing, TakesAnotherRateInsteadOfTheProfiles) {
  Bench bench = held_at(25);
  bench.p.soh_loss_pct_per_year = 1;
  bench.p.time_scale = 100;
  bench.tune();
  bench.run(year_s / 100);
  EXPECT_NEAR(100 - bench.y.soh_pct, 1, 0.01);
}

/// w = 1 + 0.5 (V - 13.70) above, 1 + 0.3 (13.50 - V) below.
TEST(BatteryAgeing, GoesFasterOutsideTheFloatBand) {
  for (const auto& [volts, stress] : {std::pair{13.5, 1.0}, {13.7, 1.0}, {14.1, 1.2}, {13.0, 1.15}}) {
    Bench bench = held_at(25);
    bench.p.float_v = volts;
    bench.p.time_scale = 100;
    bench.tune();
    bench.run(year_s / 100);
    EXPECT_NEAR((100 - bench.y.soh_pct) / 2, stress, 0.01 * stress) << volts;
  }
}

TEST(BatteryAgeing, IsTheOnlyThingThatTimeScaleSpeedsUp) {
  Bench slow(1), fast(1);
  fast.p.time_scale = 1e4;
  fast.tune();
  for (Bench* bench : {&slow, &fast}) {
    bench->draw(20);
    bench->run(3600);
  }
  EXPECT_LT(fast.y.soh_pct, slow.y.soh_pct - 1);
  EXPECT_NEAR(fast.x.soc, slow.x.soc, 0.01) << "but for the capacity that is gone";
  EXPECT_NEAR(fast.x.t_jar_c, slow.x.t_jar_c, 0.1);
  EXPECT_EQ(fast.x.scenario_s, slow.x.scenario_s);
}

/// The manufacturer's table of AGM cycles to 80 %, at 10 / 25 / 50 / 80 / 100 % depth.
TEST(BatteryAgeing, LastsTheCyclesOfThePublishedTable) {
  constexpr std::pair<double, double> table[] = {{0.10, 3100}, {0.25, 925}, {0.50, 370}, {0.80, 200}, {1.00, 150}};
  for (const auto& [depth, cycles] : table) {
    Bench bench;
    bench.p.calendar_ageing = 0;
    bench.tune();
    bench.draw(6);
    const double empty = 1 - depth;
    bench.hours_until([&] { return bench.x.soc <= empty || bench.x.cut > 0.5; }, 40);
    EXPECT_NEAR(bench.x.soc, empty, 1e-3);
    EXPECT_NEAR(0.2 / (1 - bench.x.soh), cycles, 0.1 * cycles) << depth;
  }
}

TEST(BatteryAgeing, TakesMoreForOneDeepCycleThanForTwoShallowOnes) {
  const auto loss = [](int times, double depth) {
    Bench bench;
    bench.p.calendar_ageing = 0;
    bench.tune();
    for (int n = 0; n < times; ++n) {
      bench.draw(6);
      bench.hours_until([&] { return bench.x.soc <= 1 - depth; }, 40);
      bench.u.mains = 1;
      bench.hours_until([&] { return bench.x.soc >= 0.99999; }, 200);
    }
    return 1 - bench.x.soh;
  };
  const double deep = loss(1, 0.8), shallow = loss(2, 0.4);
  EXPECT_NEAR(deep / shallow, std::pow(2, 0.31), 0.02);
}

TEST(BatteryAgeing, RaisesTheResistanceByTwiceTheLossOfCycles) {
  Bench bench;
  bench.p.calendar_ageing = 0;
  bench.tune();
  bench.draw(6);
  bench.run(8 * 3600);
  const double loss = 1 - bench.x.soh;
  EXPECT_GT(loss, 1e-4);
  EXPECT_NEAR(bench.x.r25_ohm / 0.0035 - 1, 2 * loss, 1e-3 * loss);
}

TEST(BatteryAgeing, HasASwitchForEachClock) {
  Bench bench(60);
  bench.make_ageless();
  bench.p.time_scale = 1e4;
  bench.tune();
  bench.draw(20);
  bench.run(4 * 3600);
  EXPECT_EQ(bench.x.soh, 1);
  EXPECT_EQ(bench.x.r25_ohm, 0.0035);
}

TEST(BatteryAgeing, EndsAtNothing) {
  Bench bench(60);
  bench.p.time_scale = 1e8;
  bench.p.profile = profile_failing;
  bench.tune();
  bench.run(3600);
  EXPECT_EQ(bench.y.soh_pct, 0);
  EXPECT_TRUE(std::isfinite(bench.y.voltage_v) && std::isfinite(bench.y.internal_resistance_mohm));
}

/// P(none in t) = exp(-h t): of many jars a share fails, and the kinds have their shares.
TEST(BatteryAgeing, FailsSuddenlyAtTheRateOfItsHazard) {
  constexpr int jars = 4000;
  int kinds[6] = {};
  for (int n = 0; n < jars; ++n) {
    Bench bench(60);
    bench.lane = static_cast<std::uint64_t>(n);
    bench.p.failures = 1;
    bench.p.failures_per_year = 0.5;
    bench.p.calendar_ageing = 0;
    bench.p.time_scale = year_s / 3600;  // an hour is a year
    bench.begin();
    bench.run(3600);
    ++kinds[static_cast<int>(bench.x.failure)];
  }
  const double failed = jars - kinds[0], expected = jars * (1 - std::exp(-0.5));
  EXPECT_NEAR(failed, expected, 4 * std::sqrt(expected));
  for (int kind = 1; kind < 6; ++kind) {
    const double share = failed * failure_shares[kind - 1];
    EXPECT_NEAR(kinds[kind], share, 4 * std::sqrt(share)) << failure_names[kind];
  }
}

TEST(BatteryAgeing, FailsMoreOftenTheMoreItIsWorn) {
  Bench bench;
  for (const auto& [soh, factor] : {std::pair{1.0, 1.0}, {0.79, 2.0}, {0.59, 6.0}, {0.39, 30.0}}) {
    bench.x.soh = soh;
    EXPECT_DOUBLE_EQ(hazard_per_year(bench.p, bench.x), 0.01 * factor);
  }
}

TEST(BatteryAgeing, ShowsWhatASuddenFailureDoes) {
  Bench bench;
  bench.u.mains = 0;
  bench.begin();
  const double rested_v = bench.y.voltage_v;
  bench.x.failure = failure_short;
  bench.tick();
  EXPECT_NEAR(rested_v - bench.y.voltage_v, 2.1, 1e-6);
  bench.u.mains = 1;
  bench.x.failure = failure_runaway;
  bench.tick();
  EXPECT_NEAR(bench.y.current_a, 0.5, 0.01);
}

}  // namespace
}  // namespace battery_sensor::test
