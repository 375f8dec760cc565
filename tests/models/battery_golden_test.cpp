/// A golden run of a battery: a week through every scenario, held against tests/golden/battery_sensor.csv.
/// SIM_RENEW_GOLDEN=1 writes the file anew; review it like code.
#include <tests/models/battery_bench.hpp>
#include <tests/models/golden.hpp>

#include <gtest/gtest.h>

#include <cstdio>
#include <string>

namespace battery_sensor::test {
namespace {

/// Columns and how far each may stray: 1e-6 of a nominal value only forgives a reordering that means nothing.
constexpr golden::Column<Out<double>> columns[] = {
    {"voltage_v", &Out<double>::voltage_v, 1e-5},
    {"current_a", &Out<double>::current_a, 3e-5},
    {"temperature_c", &Out<double>::temperature_c, 1e-4},
    {"internal_resistance_mohm", &Out<double>::internal_resistance_mohm, 1e-5},
    {"soh_pct", &Out<double>::soh_pct, 1e-5},
    {"soc_pct", &Out<double>::soc_pct, 1e-4},
    {"mode", &Out<double>::mode, 0},
    {"ambient_c", &Out<double>::ambient_c, 1e-6},
    {"thermal_alarm", &Out<double>::thermal_alarm, 0}};

void steer(Bench& bench, int hour) {
  const double order[] = {scenario_none,   scenario_outage,      scenario_normal,      scenario_high_temperature,
                          scenario_outage, scenario_degradation, scenario_hvac_failure};
  if (hour % 18 == 0 && hour < 126) bench.u.scenario = order[hour / 18];
  if (hour == 126) bench.u.scenario = scenario_runaway;
  if (hour == 150) bench.u.scenario = scenario_none, bench.u.charger = charger_equalize;
}

std::string run_as_text() {
  std::string text = golden::header("time_h", columns);
  Bench bench;
  bench.p.noise = 1;
  bench.p.profile = profile_accelerated;
  bench.p.initial_soh_pct = 92;
  bench.p.time_scale = 20;
  bench.p.tolerance = 1;
  bench.seed = 2024;
  bench.begin();
  for (int hour = 0; hour < 168; ++hour) {
    steer(bench, hour);
    bench.run(3600);
    char number[40];
    std::snprintf(number, sizeof number, "%d", hour + 1);
    text += golden::row(number, bench.y, columns);
  }
  return text;
}

TEST(BatteryGolden, RunsAsItDid) { golden::expect_same(BATTERY_GOLDEN, run_as_text(), 168, columns); }

}  // namespace
}  // namespace battery_sensor::test
