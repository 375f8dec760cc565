/// A golden run of the motor: two seconds through modes, loads and limits, held against tests/golden/bldc_motor.csv.
/// SIM_RENEW_GOLDEN=1 writes the file anew; review it like code.
#include <tests/models/golden.hpp>
#include <tests/models/motor_bench.hpp>

#include <gtest/gtest.h>

#include <cstdio>
#include <string>

namespace bldc_motor::test {
namespace {

/// Columns and how far each may stray. The arithmetic is the same on every CPU, so that 1e-6 of a nominal value only
/// forgives a reordering that means nothing; a change of the model is far above it.
constexpr golden::Column<Out<double>> columns[] = {{"speed_rpm", &Out<double>::speed_rpm, 2e-3},
                                                   {"torque_n_m", &Out<double>::torque_n_m, 1e-5},
                                                   {"current_a", &Out<double>::current_a, 1e-4},
                                                   {"voltage_v", &Out<double>::voltage_v, 1e-4},
                                                   {"power_w", &Out<double>::power_w, 2e-3},
                                                   {"efficiency", &Out<double>::efficiency, 1e-6},
                                                   {"temperature_c", &Out<double>::temperature_c, 1e-6},
                                                   {"duty_cycle", &Out<double>::duty_cycle, 2e-6},
                                                   {"current_limit_a", &Out<double>::current_limit_a, 1e-6}};

void steer(Bench<>& bench, int ms) {
  In<double>& u = bench.u;
  if (ms == 0) u.speed_setpoint_rpm = 2000, u.load_torque_n_m = 5;
  if (ms == 300) u.speed_setpoint_rpm = 500;
  if (ms == 500) u.speed_setpoint_rpm = -1500, u.load_torque_n_m = 2;
  if (ms == 800) u.control_mode = mode_torque, u.target_torque_n_m = 4;
  if (ms == 900) u.control_mode = mode_voltage, u.manual_voltage_v = 36;
  if (ms == 1200) u.control_mode = mode_duty_cycle, u.manual_duty_cycle = 0.5;
  if (ms == 1400) u.control_mode = mode_speed, u.use_cascaded_control = 0, u.speed_setpoint_rpm = 1000;
  if (ms == 1600) u.use_cascaded_control = 1, u.load_torque_n_m = -3;
  if (ms == 1750) bench.x.winding_node_c = 130;
  if (ms == 1850) bench.x.emergency_stopped = 1;
  if (ms == 1950) bench.x.emergency_stopped = 0;
}

std::string run_as_text() {
  std::string text = golden::header("time_s", columns);
  Bench<> bench;
  for (int ms = 0; ms < 2000; ++ms) {
    steer(bench, ms);
    bench.tick();
    if (ms % 10 != 9) continue;
    char number[40];
    std::snprintf(number, sizeof number, "%.3f", (ms + 1) * 1e-3);
    text += golden::row(number, bench.y, columns);
  }
  return text;
}

TEST(MotorGolden, RunsAsItDid) { golden::expect_same(MOTOR_GOLDEN, run_as_text(), 200, columns); }

}  // namespace
}  // namespace bldc_motor::test
