/// Voltage, current and charge of a battery: published steps, closed forms, balances.
#include <tests/models/battery_bench.hpp>

#include <gtest/gtest.h>

namespace battery_sensor::test {
namespace {

TEST(BatteryElectrical, SagsUnderAStepOfTwentyAmperesAsPublished) {
  Bench bench(0.1);
  bench.make_ageless();
  bench.draw(20);
  bench.tick();
  EXPECT_NEAR(bench.y.voltage_v, 12.680, 0.0005);
  bench.run(600 - 0.1);
  EXPECT_NEAR(bench.y.voltage_v, 12.444, 0.001);
  bench.run(3000);
  EXPECT_NEAR(bench.y.voltage_v, 12.269, 0.001);
}

TEST(BatteryElectrical, HasTheResistanceOfItsTwoParts) {
  const auto voltage_at = [](double load_a, double seconds) {
    Bench bench(0.1);
    bench.make_ageless();
    bench.p.capacity_ah = 5000;  // so that hardly any charge goes
    bench.begin();
    bench.draw(load_a);
    bench.run(seconds);
    return bench.y.voltage_v;
  };
  EXPECT_NEAR((voltage_at(10, 0.1) - voltage_at(20, 0.1)) / 10 * 1e3, 3.5, 0.01);
  EXPECT_NEAR((voltage_at(10, 3000) - voltage_at(20, 3000)) / 10 * 1e3, 15.5, 0.2);
}

/// 12.7 / 12.4 / 12.2 / 12.0 / 11.9 V at 100 / 75 / 50 / 25 / 0 % (flooded); AGM lies up to 0.1 V above it.
TEST(BatteryElectrical, RestsWithinATenthOfAVoltOfTheChartOfRestingVoltages) {
  constexpr std::pair<double, double> chart[] = {{100, 12.7}, {75, 12.4}, {50, 12.2}, {25, 12.0}, {0, 11.9}};
  for (const auto& [soc_pct, volts] : chart) {
    Bench bench;
    bench.p.initial_soc_pct = soc_pct;
    bench.draw(0);
    bench.begin();
    bench.tick();
    EXPECT_EQ(bench.y.current_a, 0);
    EXPECT_NEAR(bench.y.voltage_v, volts, 0.11) << soc_pct << " %";
  }
}

/// Peukert: t = C/20h (C/20h/I)^(k-1)... the charge that can be drawn at I is C (I20/I)^0.15.
TEST(BatteryElectrical, LastsAsLongAsPeukertsLawSays) {
  for (const double load_a : {6.0, 10.0, 20.0, 30.0}) {
    Bench bench;
    bench.make_ageless();
    bench.draw(load_a);
    const double hours = bench.hours_until([&] { return bench.x.cut > 0.5; }, 30);
    const double law_h = 120 / load_a * std::min(1.0, std::pow(6 / load_a, 0.15));
    EXPECT_NEAR(hours, law_h, 0.01 * law_h) << load_a << " A";
  }
}

TEST(BatteryElectrical, CarriesTwentyAmperesForFiveHours) {
  Bench bench;
  bench.draw(20);
  EXPECT_NEAR(bench.hours_until([&] { return bench.x.cut > 0.5; }, 10), 5.0, 0.25);
  EXPECT_EQ(bench.y.mode, mode_discharge);
  EXPECT_EQ(bench.y.current_a, 0);
}

TEST(BatteryElectrical, StaysCutUntilMainsReturn) {
  Bench bench;
  bench.draw(20);
  bench.hours_until([&] { return bench.x.cut > 0.5; }, 10);
  const double soc = bench.x.soc;
  bench.run(3600);
  EXPECT_EQ(bench.x.soc, soc);
  EXPECT_EQ(bench.y.mode, mode_discharge);
  bench.u.mains = 1;
  bench.tick();
  EXPECT_EQ(bench.x.cut, 0);
  EXPECT_EQ(bench.y.mode, mode_boost);
  EXPECT_NEAR(bench.y.current_a, 30, 1e-9);
}

TEST(BatteryElectrical, IsFullAgainAfterAnOutageInFiveHours) {
  Bench bench;
  bench.draw(20);
  bench.hours_until([&] { return bench.x.cut > 0.5; }, 10);
  bench.u.mains = 1;
  double charge_ah = 0;
  const double hours = bench.hours_until(
      [&] {
        charge_ah += bench.y.current_a / 3600;
        return bench.y.mode == mode_float;
      },
      20);
  EXPECT_NEAR(hours, 5.0, 0.05);
  EXPECT_NEAR(charge_ah, 102.8, 0.2);
}

/// With I limited by C (1-s)/tau alone, the missing charge falls by exp(-eta t/tau).
TEST(BatteryElectrical, ApproachesFullAsTheClosedFormSays) {
  Bench bench(0.1);
  bench.make_ageless();
  bench.p.initial_soc_pct = 90;
  bench.p.current_limit_a = 1000;
  bench.p.float_soc_pct = 100;
  bench.begin();
  bench.run(3600);
  EXPECT_NEAR(1 - bench.x.soc, 0.1 * std::exp(-0.99 / 0.8), 2e-6);
}

TEST(BatteryElectrical, BalancesItsCharge) {
  Bench bench;
  bench.make_ageless();
  const auto check = [&](double load_a, double seconds) {
    bench.u.mains = load_a == 0;
    bench.u.load_demand_a = load_a;
    double stored_as = 0;
    const double before = bench.x.soc;
    for (double t_s = 0; t_s < seconds; t_s += bench.dt_s) {
      State<double> x = bench.x;
      const auto now = bench.flow_of(x);
      stored_as += (now.current_a > 0 ? 0.99 : 1) * (now.current_a - now.gas_a) * bench.dt_s;
      bench.tick();
    }
    EXPECT_NEAR(bench.x.soc - before, stored_as / (120 * 3600), 1e-9) << load_a;
  };
  check(25, 7200);
  check(0, 7200);
  check(12, 3600);
}

TEST(BatteryElectrical, HoldsTheVoltageOfItsMode) {
  Bench bench;
  bench.run(60);
  EXPECT_EQ(bench.y.mode, mode_float);
  EXPECT_NEAR(bench.y.voltage_v, 13.65, 1e-9);
  bench.u.charger = charger_boost;
  bench.tick();
  EXPECT_NEAR(bench.y.voltage_v, 14.4, 1e-9);
  EXPECT_EQ(bench.y.mode, mode_boost);
}

TEST(BatteryElectrical, EqualizesForFourHoursOnRequest) {
  Bench bench;
  bench.u.charger = charger_equalize;
  bench.tick();
  EXPECT_EQ(bench.y.mode, mode_equalize);
  EXPECT_NEAR(bench.y.voltage_v, 14.7, 1e-9);
  EXPECT_NEAR(bench.hours_until([&] { return bench.y.mode == mode_float; }, 6), 4.0, 0.001);
  bench.run(3600);
  EXPECT_EQ(bench.y.mode, mode_float) << "the request is served once";
  bench.u.charger = charger_auto;
  bench.tick();
  bench.u.charger = charger_equalize;
  bench.tick();
  EXPECT_EQ(bench.y.mode, mode_equalize) << "a new request is";
}

TEST(BatteryElectrical, TakesItsFloatCurrentOnlyWhenFull) {
  Bench bench;
  bench.make_ageless();
  bench.run(24 * 3600);
  EXPECT_EQ(bench.x.soc, 1);
  // 0.05 A at 25 degC, twice that per 10 K.
  EXPECT_NEAR(bench.y.current_a, 0.05 * std::exp2((bench.x.t_jar_c - 25) / 10), 1e-9);
}

TEST(BatteryElectrical, KeepsTheResistanceOfAJarWornSoFar) {
  Bench bench;
  bench.p.initial_soh_pct = 80;  // ten years at 2 points and 5 % a year
  bench.begin();
  EXPECT_NEAR(bench.y.internal_resistance_mohm, 3.5 * std::pow(1.05, 10), 1e-9);
  EXPECT_EQ(bench.y.soh_pct, 80);
}

TEST(BatteryElectrical, HasMoreResistanceInTheCold) {
  Bench bench;
  bench.u.ambient_temp_c = 5;
  bench.begin();
  EXPECT_NEAR(bench.y.internal_resistance_mohm, 3.5 * 1.2, 1e-9);
}

TEST(BatteryElectrical, DrawsItsSpreadWithinTheTolerance) {
  double low = 2, high = 0, resistance_low = 100, resistance_high = 0, sum = 0;
  Bench bench;
  bench.p.tolerance = 1;
  for (bench.lane = 0; bench.lane < 2000; ++bench.lane) {
    bench.begin();
    low = std::min(low, bench.x.capacity_share), high = std::max(high, bench.x.capacity_share);
    resistance_low = std::min(resistance_low, bench.y.internal_resistance_mohm);
    resistance_high = std::max(resistance_high, bench.y.internal_resistance_mohm);
    sum += bench.x.capacity_share;
  }
  EXPECT_GT(low, 0.975 - 1e-12);
  EXPECT_LT(high, 1.025);
  EXPECT_NEAR(high - low, 0.05, 0.0005);
  EXPECT_NEAR(resistance_low, 3.15, 0.01);
  EXPECT_NEAR(resistance_high, 3.85, 0.01);
  EXPECT_NEAR(sum / 2000, 1, 0.05 / std::sqrt(12.0 * 2000) * 4);
}

}  // namespace
}  // namespace battery_sensor::test
