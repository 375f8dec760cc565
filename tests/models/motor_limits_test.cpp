/// Limits, heat and load: overload, derating, trip, brake, signs of power, field weakening.
#include <tests/models/motor_bench.hpp>

#include <gtest/gtest.h>

namespace bldc_motor::test {
namespace {

Bench<> held_shaft(double current_a) {
  Bench<> bench;
  bench.u.control_mode = mode_current;
  bench.u.target_current_a = current_a;
  bench.u.load_torque_n_m = 50;
  return bench;
}

TEST(MotorOverload, Allows90AmperesFor10Seconds) {
  Bench<> bench = held_shaft(100);
  double until_s = 0;
  while (bench.x.overload_limiting < 0.5 && until_s < 20) bench.tick(), until_s += 1e-3;
  EXPECT_NEAR(until_s, 10.0, 0.02);
  EXPECT_NEAR(bench.y.current_a, 90, 0.01);
  bench.run(0.1);
  EXPECT_NEAR(bench.y.current_a, 45, 0.01);
  EXPECT_EQ(bench.y.current_limit_a, 45);
  // 10 % of 60,750 A2 s at 45^2 - 20^2 A2: 3.738 s, a little more while the current falls.
  bench.u.target_current_a = 20;
  until_s = 0;
  while (bench.x.overload_limiting > 0.5 && until_s < 20) bench.tick(), until_s += 1e-3;
  EXPECT_NEAR(until_s, 3.738, 0.05);
  EXPECT_EQ(bench.y.current_limit_a, 45) << "the period that ended the limit still had it";
  bench.tick();
  EXPECT_EQ(bench.y.current_limit_a, 90);
}

TEST(MotorOverload, OverridesEveryModeByLoweringTheVoltage) {
  for (const double mode : {mode_speed, mode_current, mode_torque, mode_voltage, mode_duty_cycle}) {
    for (const double cascaded : {0.0, 1.0}) {
      Bench<> bench;
      bench.u = {mode, cascaded, 1, source_voltage, 2000, 50, 100, 20, 48, 1};
      bench.begin();
      for (int n = 0; n < 200; ++n) {
        bench.tick();
        ASSERT_LT(bench.y.current_a, 90.001) << mode << " at " << n;
      }
      EXPECT_GT(bench.y.current_a, 85) << mode;
      EXPECT_LT(bench.y.voltage_v, 10) << mode;
    }
  }
}

TEST(MotorHeat, SettlesAt114DegreesUnder45Amperes) {
  Bench<> bench = held_shaft(45);
  bench.p.winding_capacity_j_per_k = 10;  // the end does not depend on them, the way there does
  bench.p.housing_capacity_j_per_k = 30;
  bench.begin();
  bench.run(120);
  const double copper_w = 0.08 * 45 * 45, all_k_per_w = 0.4, per_k = 0.00393;
  const double end = (25 + all_k_per_w * copper_w * (1 - 20 * per_k)) / (1 - all_k_per_w * copper_w * per_k);
  EXPECT_NEAR(bench.y.temperature_c, end, 0.01);
  EXPECT_NEAR(end, 114, 1);
}

// Aim: two time constants as they should be. Method: constant loss (no temperature coefficient), closed form of the
// two-node chain at 60 s.
TEST(MotorHeat, FollowsTheClosedFormOfTwoNodes) {
  Bench<> bench = held_shaft(45);
  bench.p.temperature_coefficient_per_k = 0;
  bench.begin();
  bench.run(60);
  const double cw = 400, ch = 3500, gw = 1 / 0.15, gh = 1 / 0.25, power = 0.08 * 45 * 45;
  const double tr = -(gw / cw + (gw + gh) / ch), det = gw * gh / (cw * ch), root = std::sqrt(tr * tr / 4 - det);
  const double l1 = tr / 2 + root, l2 = tr / 2 - root;
  const double end_w = power * 0.4;
  // T_w - end = a exp(l1 t) + b exp(l2 t) with T_w(0) = 0, T_w'(0) = P/C_w.
  const double b = (power / cw + end_w * l1) / (l2 - l1), a = -end_w - b;
  EXPECT_NEAR(bench.y.temperature_c, 25 + end_w + a * std::exp(l1 * 60) + b * std::exp(l2 * 60), 0.02);
}

TEST(MotorHeat, CoreLossWarmsWithoutCurrent) {
  Bench<> bench;
  bench.p.core_loss_w = 500;
  bench.begin();
  bench.x.shaft_speed_rad_s = 2000 * rpm;
  bench.x.emergency_stopped = 1;
  bench.tick();
  EXPECT_NEAR(bench.y.temperature_c - 25, 500.0 / 9 * 1e-3 / 400, 1e-6);
}

TEST(MotorTrip, DeratesFrom120Degrees) {
  Bench<> bench = held_shaft(100);
  for (const double t : {100.0, 120.0, 125.0, 130.0, 139.0}) {
    bench.x.winding_node_c = t;
    bench.tick();
    EXPECT_NEAR(bench.y.current_limit_a, t <= 120 ? 90 : 90 * (140 - t) / 20, 1e-9) << t;
  }
}

TEST(MotorTrip, OpensTheBridgeAt140AndClosesItBelow110) {
  Bench<> bench;
  bench.u.speed_setpoint_rpm = 1000;
  bench.run(0.5);
  bench.x.winding_node_c = 140.1;
  bench.run(0.03);
  EXPECT_EQ(bench.y.fault, fault_over_temperature);
  EXPECT_NEAR(bench.y.current_a, 0, 1e-9);
  EXPECT_EQ(bench.y.current_limit_a, 0);
  bench.x.winding_node_c = 110.5;
  bench.tick();
  EXPECT_EQ(bench.y.fault, fault_over_temperature) << "hysteresis";
  bench.x.winding_node_c = 109.9;
  bench.tick();
  EXPECT_EQ(bench.y.fault, fault_none);
  bench.run(0.5);
  EXPECT_NEAR(bench.y.speed_rpm, 1000, 1);
}

TEST(MotorLoad, BrakeNeverDrivesBackwards) {
  for (const double inertia : {1e-5, 1e-3, 0.1}) {
    for (const double torque : {0.5, 5.0, 15.0, 100.0}) {
      Bench<> bench;
      bench.p.inertia_kg_m2 = inertia;
      bench.u.control_mode = mode_voltage;
      bench.u.load_torque_n_m = torque;
      bench.begin();
      bench.x.shaft_speed_rad_s = 50;
      bench.x.emergency_stopped = 1;
      double before = 50;
      for (int n = 0; n < 2000; ++n) {
        bench.tick();
        ASSERT_GE(bench.x.shaft_speed_rad_s, -1e-9) << inertia << " kg m2, " << torque << " N m at " << n;
        ASSERT_LE(bench.x.shaft_speed_rad_s, before) << inertia << " kg m2, " << torque << " N m at " << n;
        before = bench.x.shaft_speed_rad_s;
      }
    }
  }
}

TEST(MotorLoad, StallsWhereTheTorquesBalance) {
  Bench<> bench;
  bench.u.control_mode = mode_torque;
  bench.u.target_torque_n_m = 5;
  bench.u.load_torque_n_m = 10;
  bench.run(1);
  EXPECT_NEAR(10 * std::tanh(bench.x.shaft_speed_rad_s) + 0.001 * bench.x.shaft_speed_rad_s, bench.y.torque_n_m, 1e-6);
  EXPECT_NEAR(bench.x.shaft_speed_rad_s, std::atanh(0.5), 1e-3);
}

// Aim: the way through standstill. Method: a bare inertia under constant drive against the law integrated by small
// Runge-Kutta steps; the model takes 0.1 ms.
TEST(MotorLoad, PassesThroughStandstillAsTheLawDemands) {
  Bench<> bench;
  bench.p.temperature_coefficient_per_k = 0;
  bench.u.control_mode = mode_current;
  bench.u.target_current_a = 60;
  bench.u.load_torque_n_m = 5;
  bench.begin();
  bench.x.shaft_speed_rad_s = -40;
  bench.x.winding_current_a = 60;
  bench.x.current_integral_v = 0.08 * 60;
  bench.x.loops = loops_current;
  bench.tick();
  const double start = bench.x.shaft_speed_rad_s;
  double w = start, t = 0;
  const auto slope = [&](double speed) { return (0.169 * 60 - 0.001 * speed - 5 * std::tanh(speed)) / 0.001; };
  for (; t < 0.009 - 1e-9; t += 1e-6) {
    const double k1 = slope(w), k2 = slope(w + 0.5e-6 * k1);
    w += 1e-6 * k2;
  }
  for (int n = 0; n < 9; ++n) bench.tick();
  EXPECT_GT(w, 10);
  EXPECT_NEAR(bench.x.shaft_speed_rad_s, w, 0.005 * (w - start));
}

TEST(MotorLoad, NegativeTorqueDrivesTheMotionOn) {
  Bench<> bench;
  bench.u.load_torque_n_m = -5;
  bench.u.speed_setpoint_rpm = 2000;
  bench.run(1);
  EXPECT_NEAR(bench.y.speed_rpm, 2000, 0.5);
  EXPECT_LT(bench.y.current_a, 0);
  EXPECT_LT(bench.y.torque_n_m, 0);
  EXPECT_LT(bench.y.power_w, 0);
  EXPECT_LT(bench.y.bus_power_w, 0) << "fed back";
  const double electrical = bench.y.voltage_v * bench.y.current_a;
  EXPECT_NEAR(bench.y.efficiency, electrical / bench.y.power_w, 1e-12);
  EXPECT_GT(bench.y.efficiency, 0.85);
  EXPECT_LT(bench.y.efficiency, 1);
}

TEST(MotorSigns, ReverseMirrorsForward) {
  Bench<> forward, reverse;
  forward.u.load_torque_n_m = reverse.u.load_torque_n_m = 5;
  forward.u.speed_setpoint_rpm = 1500;
  reverse.u.speed_setpoint_rpm = -1500;
  for (int n = 0; n < 400; ++n) {
    forward.tick();
    reverse.tick();
    ASSERT_EQ(forward.y.speed_rpm, -reverse.y.speed_rpm) << n;
    ASSERT_EQ(forward.y.current_a, -reverse.y.current_a) << n;
  }
  EXPECT_EQ(forward.y.voltage_v, -reverse.y.voltage_v);
  EXPECT_EQ(forward.y.power_w, reverse.y.power_w);
  EXPECT_EQ(forward.y.efficiency, reverse.y.efficiency);
  EXPECT_EQ(forward.y.duty_cycle, reverse.y.duty_cycle);
  EXPECT_GT(reverse.y.power_w, 0);
}

TEST(MotorSigns, EfficiencyIsZeroBelowOneWatt) {
  Bench<> bench;
  bench.run(0.1);
  EXPECT_EQ(bench.y.efficiency, 0);
  EXPECT_NEAR(bench.y.duty_cycle, 1.92 / 48, 1e-12);
}

Bench<> weakened(double speed_rpm, double load_n_m) {
  Bench<> bench;
  bench.p.field_weakening = 1;
  bench.p.friction_n_m_s_per_rad = 0;
  bench.u.speed_setpoint_rpm = speed_rpm;
  bench.u.load_torque_n_m = load_n_m;
  bench.begin();
  bench.run(4);
  return bench;
}

TEST(MotorWeakening, TakesThePublishedDirectCurrent) {
  EXPECT_NEAR(weakened(2000, 0).y.direct_current_a, 0, 1e-9);
  EXPECT_NEAR(weakened(3000, 0).y.direct_current_a, -3.1, 0.05);
  EXPECT_NEAR(weakened(4000, 0).y.direct_current_a, -10.5, 0.05);
  EXPECT_NEAR(weakened(6000, 0).y.direct_current_a, -17.8, 0.05);
  EXPECT_NEAR(weakened(6000, 0).y.speed_rpm, 6000, 0.1);
}

TEST(MotorWeakening, HasThePublishedPowerCeiling) {
  struct Row {
    double speed_rpm, torque_n_m;
  };
  for (const Row row : {Row{3000, 4.3}, Row{4000, 3.2}, Row{6000, 2.15}}) {
    EXPECT_NEAR(weakened(row.speed_rpm, 0.95 * row.torque_n_m).y.speed_rpm, row.speed_rpm, 1) << row.speed_rpm;
    EXPECT_LT(weakened(row.speed_rpm, 1.05 * row.torque_n_m).y.speed_rpm, 0.98 * row.speed_rpm) << row.speed_rpm;
  }
}

TEST(MotorWeakening, KeepsItsEnergyBalance) {
  const Bench<> bench = weakened(4000, 2);
  const double i = bench.y.current_a, j = -bench.y.direct_current_a * std::sqrt(3) / 2;
  const double resistance = 0.08 * (1 + 0.00393 * (bench.y.temperature_c - 20));
  const double machine_w = bench.y.power_w + resistance * (i * i + j * j);
  EXPECT_NEAR(bench.y.bus_power_w, machine_w + 0.02 * i * i + 0.96 * i, 0.01 * machine_w);
  EXPECT_NEAR(bench.y.voltage_v, 48, 1e-9);
  EXPECT_LT(bench.y.efficiency, bench.y.power_w / (machine_w - resistance * j * j)) << "the field current costs";
}

TEST(MotorWeakening, GeneratesUncontrolledWhenTheBridgeOpensAtSpeed) {
  Bench<> bench = weakened(6000, 0);
  bench.x.emergency_stopped = 1;
  double lowest = 0;
  for (int n = 0; n < 2000; ++n) {
    bench.tick();
    lowest = std::min(lowest, bench.y.current_a);
  }
  EXPECT_LT(lowest, -15) << "the diodes conduct";
  EXPECT_GT(lowest, -30) << "the reactance limits";
  EXPECT_NEAR(bench.y.speed_rpm, 48 / 0.169 / rpm, 50) << "until the EMF is the bus";
  EXPECT_NEAR(bench.y.current_a, 0, 0.1);
}

TEST(MotorWeakening, IsOffByDefault) {
  Bench<> bench;
  bench.u.speed_setpoint_rpm = 6000;
  bench.run(4);
  EXPECT_LT(bench.y.speed_rpm, 2705);
  EXPECT_EQ(bench.y.direct_current_a, 0);
}

}  // namespace
}  // namespace bldc_motor::test
