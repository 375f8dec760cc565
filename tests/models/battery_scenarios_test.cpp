/// Heat, runaway, the six scenarios and the meter's noise.
#include <tests/models/battery_bench.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <vector>

namespace battery_sensor::test {
namespace {

Bench in(double scenario, double step_s = 1) {
  Bench bench(step_s);
  bench.run(24 * 3600);  // settled on float
  bench.u.scenario = scenario;
  return bench;
}

TEST(BatteryHeat, FloatsAQuarterKelvinAboveItsAmbient) {
  Bench bench(60);
  bench.run(48 * 3600);
  EXPECT_NEAR(bench.x.t_jar_c, 25.24, 0.01);
}

/// dT/dt = (P - (T - Ta)/Rth)/C with the losses of a discharge nearly constant.
TEST(BatteryHeat, FollowsItsTimeConstant) {
  Bench bench(60);
  bench.p.float_current_factor = 0;
  bench.run(600);
  const double start_c = bench.x.t_jar_c;
  bench.u.ambient_temp_c = 45;
  bench.run(0.35 * 32000);
  EXPECT_NEAR(bench.x.t_jar_c, 45 - (45 - start_c) * std::exp(-11220.0 / 11200.0), 0.02);
}

TEST(BatteryHeat, BalancesItsEnergy) {
  Bench bench;
  bench.p.rth_k_per_w = 1000;  // hardly anything leaves
  bench.p.cth_j_per_k = 32000;
  bench.begin();
  bench.draw(25);
  double heat_j = 0, lost_j = 0;
  const double before_c = bench.x.t_jar_c;
  for (int t_s = 0; t_s < 3600; ++t_s) {
    State<double> x = bench.x;
    const auto now = bench.flow_of(x);
    heat_j += now.current_a * (now.voltage_v - now.open_v);
    lost_j += (bench.x.t_jar_c - 25) / 1000;
    bench.tick();
  }
  EXPECT_NEAR((bench.x.t_jar_c - before_c) * 32000, heat_j - lost_j, 1e-3 * heat_j);
}

/// Tc = 25 + 14.43 ln(14.43/(Rth P0)): above an ambient of Tc - 14.43 the gas current feeds itself.
TEST(BatteryHeat, RunsAwayAboveTheCriticalAmbientOnly) {
  const auto settles = [](double factor, double rth_k_per_w, double ambient_c) {
    Bench bench(60);
    bench.make_ageless();
    bench.p.float_current_factor = factor;
    bench.p.rth_k_per_w = rth_k_per_w;
    bench.u.ambient_temp_c = ambient_c;
    bench.begin();
    bench.run(20 * 86400);
    return bench.y.thermal_alarm == 0;
  };
  for (const auto& [factor, rth] : {std::pair{10.0, 0.35}, {4.0, 1.5}}) {
    const double p0_w = 0.05 * 13.65 * factor;
    const double scale_k = 10 / std::log(2.0);
    const double critical_c = 25 + scale_k * std::log(scale_k / (rth * p0_w)) - scale_k;
    EXPECT_TRUE(settles(factor, rth, critical_c - 1)) << factor;
    EXPECT_FALSE(settles(factor, rth, critical_c + 1)) << factor;
  }
  EXPECT_TRUE(settles(1, 0.35, 45)) << "a healthy jar is safe";
  EXPECT_TRUE(settles(1, 1.5, 45)) << "whatever the cooling";
  EXPECT_FALSE(settles(10, 0.35, 45)) << "an aged one is not";
  EXPECT_FALSE(settles(10, 1.5, 45));
}

TEST(BatteryScenarios, RunAwayAtTheTimesOfTheTable) {
  Bench bench = in(scenario_runaway);
  bench.tick();
  EXPECT_NEAR(bench.y.current_a, 10 * 0.05, 0.02) << "ten times the float current at once";
  EXPECT_EQ(bench.y.mode, mode_float);
  const double first_h = bench.hours_until([&] { return bench.x.t_jar_c >= 65; }, 24);
  EXPECT_NEAR(first_h, 12.2, 0.15);
  EXPECT_NEAR(first_h + bench.hours_until([&] { return bench.x.t_jar_c >= 75; }, 24), 12.9, 0.15);
  EXPECT_EQ(bench.y.thermal_alarm, 1);
  bench.run(3600);
  EXPECT_EQ(bench.x.t_jar_c, 75) << "venting holds it";
  bench.u.scenario = scenario_normal;
  bench.hours_until([&] { return bench.x.t_jar_c < 60.1; }, 48);
  EXPECT_EQ(bench.y.thermal_alarm, 1);
  bench.hours_until([&] { return bench.x.t_jar_c < 60; }, 48);
  EXPECT_EQ(bench.y.thermal_alarm, 0);
}

TEST(BatteryScenarios, WarmTheJarBySlowDegreesInTheHotSeason) {
  Bench bench = in(scenario_high_temperature);
  const double start_c = bench.x.t_jar_c;
  bench.tick();
  EXPECT_EQ(bench.y.ambient_c, 45);
  EXPECT_NEAR(bench.hours_until([&] { return bench.x.t_jar_c >= start_c + 1; }, 1) * 60, 10, 0.6);
  const double rise_k = 45.0 - 25.0 + 1.0;  // the float heat grows with it
  EXPECT_NEAR(bench.hours_until([&] { return bench.x.t_jar_c >= start_c + 0.632 * rise_k; }, 9) + 1.0 / 6, 3.1, 0.25);
}

TEST(BatteryScenarios, DrawALoadOfTheirOwnInEachOutage) {
  std::vector<double> loads;
  for (std::uint64_t lane = 0; lane < 500; ++lane) {
    Bench bench;
    bench.lane = lane;
    for (int outage = 0; outage < 2; ++outage) {
      bench.u.scenario = scenario_outage;
      bench.tick();
      EXPECT_EQ(bench.y.mode, mode_discharge);
      EXPECT_LT(bench.y.voltage_v, 12.75);
      loads.push_back(-bench.y.current_a);
      bench.run(10);
      EXPECT_EQ(-bench.y.current_a, loads.back()) << "constant";
      bench.u.scenario = scenario_normal;
      bench.tick();
      EXPECT_EQ(bench.y.mode, mode_float) << "still above 99 %";
    }
    EXPECT_NE(loads.back(), loads[loads.size() - 2]);
  }
  EXPECT_GE(*std::ranges::min_element(loads), 10);
  EXPECT_LE(*std::ranges::max_element(loads), 30);
  const double mean = std::accumulate(loads.begin(), loads.end(), 0.0) / 1000;
  EXPECT_NEAR(mean, 20, 4 * 20 / std::sqrt(12.0 * 1000));
}

TEST(BatteryScenarios, WarmTheRoomInAnOutage) {
  Bench bench = in(scenario_outage);
  bench.run(3600);
  EXPECT_NEAR(bench.y.ambient_c, 25 + 8 * (1 - std::exp(-1.0)), 1e-9);
}

TEST(BatteryScenarios, PassFortyDegreesInFortyTwoMinutesWithoutAirConditioning) {
  Bench bench = in(scenario_hvac_failure);
  const double start_c = bench.x.t_jar_c;
  EXPECT_NEAR(bench.hours_until([&] { return bench.y.ambient_c > 40; }, 2) * 60, 42, 1);
  EXPECT_GT(bench.x.t_jar_c, start_c + 1);
  bench.run(20 * 3600);
  EXPECT_NEAR(bench.x.t_jar_c, 46, 1);
}

TEST(BatteryScenarios, AgeLikeAFailingJarUnderDegradationAndKeepIt) {
  Bench bench(60);
  bench.p.time_scale = 1000;
  bench.p.rth_k_per_w = 0.001;
  bench.tune();
  bench.u.scenario = scenario_degradation;
  bench.u.ambient_override = 1;
  bench.u.ambient_temp_c = 25;
  bench.begin();
  EXPECT_NEAR(bench.y.internal_resistance_mohm, 3.5 * 1.2, 1e-9) << "at once";
  bench.run(365.25 * 86.4);
  EXPECT_NEAR(bench.y.soh_pct, 75, 0.3);
  EXPECT_NEAR(bench.y.internal_resistance_mohm, 3.5 * 1.4 * 1.2, 0.02);
  const double soh_pct = bench.y.soh_pct;
  bench.u.scenario = scenario_none;
  bench.tick();
  EXPECT_NEAR(bench.y.internal_resistance_mohm, 3.5 * 1.4, 0.02) << "the factor goes, ageing stays";
  EXPECT_NEAR(bench.y.soh_pct, soh_pct, 0.01);
}

TEST(BatteryScenarios, TakeAGivenAmbientInsteadOfTheirOwn) {
  for (int scenario = 0; scenario < 7; ++scenario) {
    Bench bench;
    bench.u.scenario = scenario;
    bench.u.ambient_override = 1;
    bench.u.ambient_temp_c = 33;
    bench.begin();
    EXPECT_EQ(bench.y.ambient_c, 33) << scenario;
    bench.run(3600);
    EXPECT_EQ(bench.y.ambient_c, 33) << scenario;
  }
}

TEST(BatteryScenarios, BeginWhereTheStartScenarioBegins) {
  for (const auto& [scenario, t_c] : {std::pair{scenario_none, 25.0},
                                      {scenario_high_temperature, 45.0},
                                      {scenario_hvac_failure, 25.0},
                                      {scenario_degradation, 30.0},
                                      {scenario_runaway, 45.0}}) {
    Bench bench;
    bench.u.scenario = scenario;
    bench.begin();
    EXPECT_EQ(bench.y.temperature_c, t_c) << scenario;
  }
  Bench bench;
  bench.u.scenario = scenario_outage;
  bench.begin();
  EXPECT_EQ(bench.y.mode, mode_discharge);
  EXPECT_LE(bench.y.current_a, -10) << "tick 0 shows the load already";
}

TEST(BatteryScenarios, LeaveTheInputsToRuleWhereThereIsNone) {
  Bench bench;
  bench.u.mains = 0;
  bench.u.load_demand_a = 17;
  bench.u.ambient_temp_c = 12;
  bench.tick();
  EXPECT_EQ(bench.y.current_a, -17);
  EXPECT_EQ(bench.y.ambient_c, 12);
  bench.u.scenario = scenario_normal;
  bench.tick();
  EXPECT_GT(bench.y.current_a, 0) << "a scenario has mains of its own";
  EXPECT_EQ(bench.y.ambient_c, 25);
}

struct Moments {
  double mean = 0, deviation = 0;
};
Moments moments(const std::vector<double>& values) {
  Moments m;
  for (const double v : values) m.mean += v / static_cast<double>(values.size());
  for (const double v : values) m.deviation += (v - m.mean) * (v - m.mean) / static_cast<double>(values.size());
  m.deviation = std::sqrt(m.deviation);
  return m;
}

TEST(BatteryMeter, ErrsByItsDeviationsWithoutBias) {
  Bench noisy, clean;
  noisy.p.noise = 1;
  noisy.begin();
  constexpr int n = 40000;
  std::vector<double> errors[3];
  double product = 0;
  for (int i = 0; i < n; ++i) {
    noisy.tick();
    clean.tick();
    errors[0].push_back(noisy.y.voltage_v - clean.y.voltage_v);
    errors[1].push_back(noisy.y.current_a - clean.y.current_a);
    errors[2].push_back(noisy.y.temperature_c - clean.y.temperature_c);
    product += errors[0].back() / 0.02 * errors[1].back() / 0.1;
    ASSERT_EQ(noisy.y.internal_resistance_mohm, clean.y.internal_resistance_mohm);
    ASSERT_EQ(noisy.y.soh_pct, clean.y.soh_pct);
    ASSERT_EQ(noisy.y.soc_pct, clean.y.soc_pct);
  }
  constexpr double sigmas[] = {0.02, 0.1, 0.3};
  for (int k = 0; k < 3; ++k) {
    const Moments m = moments(errors[k]);
    EXPECT_NEAR(m.mean, 0, 4 * sigmas[k] / std::sqrt(n));
    EXPECT_NEAR(m.deviation, sigmas[k], 4 * sigmas[k] / std::sqrt(2.0 * n));
  }
  EXPECT_NEAR(product / n, 0, 4 / std::sqrt(n)) << "the channels err each for itself";
  double after = 0;
  for (int i = 1; i < n; ++i) after += errors[0][i] * errors[0][i - 1] / (0.02 * 0.02);
  EXPECT_NEAR(after / n, 0, 4 / std::sqrt(n)) << "and no tick knows of the one before";
}

TEST(BatteryMeter, ErrsAtTickZeroAndOtherwiseAtTickOne) {
  Bench bench;
  bench.p.noise = 1;
  bench.begin();
  const double zero = bench.y.voltage_v;
  EXPECT_NE(zero, 13.65);
  bench.tick();
  EXPECT_NE(bench.y.voltage_v, zero);
}

TEST(BatteryMeter, RepeatsItselfForTheSameSeedOnly) {
  const auto run = [](std::uint64_t seed) {
    Bench bench;
    bench.seed = seed;
    bench.p.noise = 1;
    bench.begin();
    bench.run(100);
    return bench.y.voltage_v;
  };
  EXPECT_EQ(run(7), run(7));
  EXPECT_NE(run(7), run(8));
}

}  // namespace
}  // namespace battery_sensor::test
