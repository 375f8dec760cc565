/// The loops: cascade, literal PID, the seven modes, and how they hand over to each other.
#include <tests/models/motor_bench.hpp>

#include <gtest/gtest.h>

namespace bldc_motor::test {
namespace {

struct StepResponse {
  double settled_s, overshoot, at_200_ms_rpm, end_rpm;  // settled: within 2 % of the target's step
};
StepResponse respond(Bench<>& bench, double target_rpm, double seconds) {
  const double from = bench.x.shaft_speed_rad_s / rpm, size = target_rpm - from;
  StepResponse r{0, 0, 0, 0};
  bench.u.speed_setpoint_rpm = target_rpm;
  for (int n = 1; n <= std::lround(seconds / bench.dt_s); ++n) {
    bench.tick();
    const double behind = bench.y.speed_rpm - target_rpm;
    r.overshoot = std::max(r.overshoot, behind / size);
    if (std::abs(behind) > 0.02 * std::abs(size)) r.settled_s = (n + 1) * bench.dt_s;
    if (n == std::lround(0.2 / bench.dt_s)) r.at_200_ms_rpm = bench.y.speed_rpm;
  }
  r.end_rpm = bench.y.speed_rpm;
  return r;
}

TEST(MotorCascade, ReachesTheSetPointUnderLoad) {
  Bench<> bench;
  bench.u.load_torque_n_m = 5;
  const StepResponse r = respond(bench, 2000, 1);
  EXPECT_LT(r.settled_s, 0.120);
  EXPECT_GT(r.settled_s, 0.020) << "faster than 90 A allow";
  EXPECT_LT(r.overshoot, 0.05);
  EXPECT_NEAR(r.end_rpm, 2000, 2);
}

TEST(MotorCascade, HoldsThePublishedPoint) {
  Bench<> bench;
  bench.p.temperature_coefficient_per_k = 0;
  bench.begin();
  bench.u.load_torque_n_m = 5;
  respond(bench, 2000, 2);
  EXPECT_NEAR(bench.y.speed_rpm, 2000, 1e-3);
  EXPECT_NEAR(bench.y.current_a, 30.825, 6e-4);
  EXPECT_NEAR(bench.y.voltage_v, 37.861, 6e-4);
  EXPECT_NEAR(bench.y.power_w, 1047.2, 0.06);
  EXPECT_NEAR(bench.y.efficiency, 0.8973, 6e-5);
  EXPECT_NEAR(bench.y.duty_cycle, 0.8416, 6e-5);
}

TEST(MotorCascade, BrakesWithoutFallingFarBelow) {
  Bench<> bench;
  bench.u.load_torque_n_m = 5;
  respond(bench, 2000, 1);
  const StepResponse r = respond(bench, 500, 1);
  EXPECT_NEAR(r.at_200_ms_rpm, 500, 25);
  EXPECT_LT(r.overshoot, 0.05);
  EXPECT_NEAR(r.end_rpm, 500, 0.5);
}

TEST(MotorCascade, OvershootsLittleOnAnyStep) {
  for (const double load : {-2.0, 0.0, 2.0, 5.0, 7.6}) {
    Bench<> bench;
    bench.u.load_torque_n_m = load;
    for (const double target : {2000.0, 500.0, 1000.0, 2400.0, 2300.0, -1500.0, 300.0, 2000.0}) {
      if (load < 0 && target * bench.y.speed_rpm < 0) continue;  // at standstill it turns from helping to hindering
      const StepResponse r = respond(bench, target, 1.5);
      EXPECT_LT(r.overshoot, 0.05) << load << " N m to " << target << " rpm";
      EXPECT_NEAR(r.end_rpm, target, 2) << load;
    }
  }
}

TEST(MotorCascade, ComesBackFromASetPointOutOfReach) {
  Bench<> bench;
  respond(bench, 6000, 2);
  EXPECT_NEAR(bench.y.speed_rpm, 2704, 8) << "all that 48 V give";
  EXPECT_EQ(bench.y.controller_saturated, 1);
  const StepResponse r = respond(bench, 1000, 0.5);
  EXPECT_LT(r.settled_s, 0.120) << "nothing has piled up meanwhile";
  EXPECT_LT(r.overshoot, 0.05);
}

TEST(MotorCascade, GivesTheSameMotionWhateverTheStep) {
  Bench<> coarse(1e-2), plain(1e-3), fine(1e-4);
  for (Bench<>* bench : {&coarse, &plain, &fine}) {
    bench->u.load_torque_n_m = 3;
    bench->u.speed_setpoint_rpm = 1500;
    bench->run(0.05);
  }
  EXPECT_DOUBLE_EQ(coarse.y.speed_rpm, plain.y.speed_rpm) << "control periods are 1 ms in both";
  EXPECT_NEAR(fine.y.speed_rpm, plain.y.speed_rpm, 25) << "here 0.1 ms: the loop is a little quicker";
  fine.run(0.5);
  EXPECT_NEAR(fine.y.speed_rpm, 1500, 0.1);
}

TEST(MotorCascade, FollowsItsPidParameters) {
  const auto after_15_ms = [](double kp, double ki) {
    Bench<> bench;
    bench.p.kp = kp;
    bench.p.ki = ki;
    bench.begin();
    bench.u.speed_setpoint_rpm = 500;
    bench.u.load_torque_n_m = 2;
    bench.run(0.015);
    return bench;
  };
  EXPECT_LT(after_15_ms(0.5, 0.1).y.speed_rpm, 0.8 * after_15_ms(1, 0.1).y.speed_rpm);
  EXPECT_GT(after_15_ms(1, 0.5).x.speed_integral_a, 2 * after_15_ms(1, 0.1).x.speed_integral_a);
  EXPECT_NEAR(after_15_ms(10, 0.1).k.speed_kp, 0.001 / 0.169 * 2 * sim::pi * 40, 1e-12) << "capped at 40 Hz";
}

// Aim: the PID to the letter, with the static error its integral clamp leaves. Method: at rest V = kp e + ki 50 and
// V = ke w + R i, i = (T + B w)/kt, solved for e.
TEST(MotorPid, KeepsTheStaticErrorOfItsClampedIntegral) {
  Bench<> bench;
  bench.p.temperature_coefficient_per_k = 0;
  bench.u.use_cascaded_control = 0;
  bench.u.load_torque_n_m = 5;
  bench.begin();
  respond(bench, 2000, 10);
  const auto& p = bench.p;
  const double per_w = p.ke_v_s_per_rad + p.resistance_ohm * p.friction_n_m_s_per_rad / p.kt_n_m_per_a;
  const double idle_v = p.resistance_ohm * 5 / p.kt_n_m_per_a;
  const double error_rpm = (per_w * 2000 * rpm + idle_v - 5) / (1 + per_w * rpm);
  EXPECT_NEAR(2000 - bench.y.speed_rpm, error_rpm, 1e-6);
  EXPECT_NEAR(error_rpm, 32.3, 0.05);
  EXPECT_NEAR(bench.y.voltage_v, error_rpm + 5, 1e-6);
}

// Aim: kd de/dt behind a filter of 10 ms. Method: a rotor that can hardly turn, so that the error is the set-point:
// its step comes out as kd/tau exp(-t/tau), seen at the middle of sub-steps.
TEST(MotorPid, DifferentiatesTheErrorThroughItsFilter) {
  Bench<> bench;
  bench.u.use_cascaded_control = 0;
  bench.p.inertia_kg_m2 = 10;
  bench.p.kp = 0;
  bench.p.ki = 0;
  bench.begin();
  bench.u.speed_setpoint_rpm = 20;
  for (int ms = 1; ms <= 30; ++ms) {
    bench.tick();
    EXPECT_NEAR(bench.y.control_input_v, 20 * std::exp(-(ms - 0.1) / 10), 0.1) << ms << ": it has turned 0.09 rpm";
  }
}

TEST(MotorPid, SettlesInsteadOfOscillating) {
  Bench<> bench;
  bench.u.use_cascaded_control = 0;
  bench.u.load_torque_n_m = 5;
  respond(bench, 2000, 0.4);
  double lowest = 1e9, highest = 0;
  for (int n = 0; n < 100; ++n) {
    bench.tick();
    lowest = std::min(lowest, bench.y.speed_rpm);
    highest = std::max(highest, bench.y.speed_rpm);
  }
  EXPECT_GT(lowest, 1950);
  EXPECT_LT(highest - lowest, 2);
}

TEST(MotorPid, DoesNotKickWhenAFreshLaneHasASetPoint) {
  Bench<> bench;
  bench.u.use_cascaded_control = 0;
  bench.p.kp = 0;
  bench.p.ki = 0;
  bench.u.speed_setpoint_rpm = 2000;
  bench.begin();
  bench.tick();
  EXPECT_EQ(bench.y.control_input_v, 0);
}

TEST(MotorModes, AutomaticAndManualHoldTheSetPointLikeSpeed) {
  Bench<> speed, other;
  for (const double mode : {mode_automatic, mode_manual}) {
    speed.u.speed_setpoint_rpm = other.u.speed_setpoint_rpm = 1200;
    other.u.control_mode = mode;
    speed.begin();
    other.begin();
    speed.run(0.1);
    other.run(0.1);
    EXPECT_EQ(speed.y.speed_rpm, other.y.speed_rpm) << mode;
  }
}

TEST(MotorModes, CurrentAndTorqueHoldTheirTargets) {
  Bench<> bench;
  bench.u.load_torque_n_m = 20;  // holds the shaft
  bench.u.control_mode = mode_current;
  bench.u.target_current_a = -25;
  bench.run(0.5);
  EXPECT_NEAR(bench.y.current_a, -25, 0.01);
  EXPECT_NEAR(bench.y.current_reference_a, -25, 1e-12);
  bench.u.control_mode = mode_torque;
  bench.u.target_torque_n_m = 6;
  bench.run(0.5);
  EXPECT_NEAR(bench.y.torque_n_m, 6, 0.002);
  bench.u.target_torque_n_m = 20;
  bench.tick();
  EXPECT_NEAR(bench.y.current_reference_a, 15 / 0.169, 1e-9) << "held at the highest torque";
}

TEST(MotorModes, VoltageIsAnOpenLoopUntilASetPointComes) {
  Bench<> bench;
  bench.u.control_mode = mode_voltage;
  bench.u.manual_voltage_v = 60;
  bench.run(2);
  EXPECT_EQ(bench.y.voltage_v, 48) << "held within the bus";
  bench.u.manual_voltage_v = -20;
  bench.u.speed_setpoint_rpm = 1000;
  bench.run(2);
  EXPECT_EQ(bench.y.voltage_v, -20) << "the set-point does not count yet";
  bench.u.manual_source = source_speed;
  bench.run(3);
  EXPECT_NEAR(bench.y.speed_rpm, 1000, 20) << "the literal PID rules, static error and all";
}

TEST(MotorModes, ManualWithoutPidIsAnOpenLoop) {
  Bench<> bench;
  bench.u.control_mode = mode_manual;
  bench.u.enable_pid = 0;
  bench.u.speed_setpoint_rpm = 2000;
  bench.u.manual_voltage_v = 12;
  bench.u.manual_duty_cycle = 0.5;
  bench.run(1);
  EXPECT_EQ(bench.y.voltage_v, 12);
  bench.u.manual_source = source_duty_cycle;
  bench.run(1);
  EXPECT_EQ(bench.y.duty_cycle, 0.5);
  EXPECT_NEAR(bench.y.voltage_v, 24 - 1.92 - 0.02 * bench.y.current_a, 1e-3);
}

TEST(MotorModes, DutyCycleLosesDeadTimeAndDrops) {
  Bench<> bench;
  bench.u.control_mode = mode_duty_cycle;
  bench.u.manual_duty_cycle = 0.8;
  bench.u.load_torque_n_m = 5;
  bench.run(3);
  EXPECT_NEAR(bench.y.voltage_v, 48 * 0.8 - 1.92 - 0.02 * bench.y.current_a, 1e-6);
  EXPECT_EQ(bench.y.duty_cycle, 0.8);
  bench.u.manual_duty_cycle = 0.02;
  bench.tick();
  EXPECT_GE(bench.y.voltage_v, 0) << "below the dead time nothing comes out";
}

// Aim: no bump where a loop takes over at the working point it finds. Method: rest in one mode, hand over, and watch
// current and speed for 300 ms.
TEST(MotorModes, HandOverWithoutABump) {
  const auto hand_over = [](Bench<>& bench, auto change) {
    const double current = bench.y.current_a, speed = bench.y.speed_rpm;
    change(bench.u);
    double jump = 0, drift = 0;
    for (int n = 0; n < 300; ++n) {
      bench.tick();
      if (n < 5) jump = std::max(jump, std::abs(bench.y.current_a - current));
      drift = std::max(drift, std::abs(bench.y.speed_rpm - speed));
    }
    EXPECT_LT(jump, 0.1);
    EXPECT_LT(drift, 1);
  };
  Bench<> bench;
  bench.u.control_mode = mode_voltage;
  bench.u.manual_voltage_v = 30;
  bench.u.load_torque_n_m = 4;
  bench.run(3);
  hand_over(bench, [&](In<double>& u) { u.control_mode = mode_speed, u.speed_setpoint_rpm = bench.y.speed_rpm; });
  hand_over(bench, [&](In<double>& u) { u.control_mode = mode_current, u.target_current_a = bench.y.current_a; });
  hand_over(bench, [](In<double>& u) { u.control_mode = mode_automatic; });
  bench.p.ki = 1;  // so that the clamped integral carries the voltage
  bench.tune();
  bench.run(1);
  hand_over(bench, [](In<double>& u) { u.use_cascaded_control = 0; });
  hand_over(bench, [](In<double>& u) { u.use_cascaded_control = 1; });
}

TEST(MotorModes, AnEmergencyStopOpensTheBridgeUntilReleased) {
  Bench<> bench;
  respond(bench, 2000, 1);
  bench.x.emergency_stopped = 1;
  bench.run(0.05);
  EXPECT_EQ(bench.y.fault, fault_emergency_stop);
  EXPECT_NEAR(bench.y.current_a, 0, 1e-9);
  EXPECT_EQ(bench.y.duty_cycle, 0);
  const double coasting = bench.y.speed_rpm;
  EXPECT_LT(coasting, 2000);
  EXPECT_GT(coasting, 1800) << "it coasts, it does not brake";
  bench.x.emergency_stopped = 0;
  bench.tick();
  EXPECT_LT(std::abs(bench.y.current_a), 5) << "control takes up the speed it finds";
  bench.run(0.5);
  EXPECT_NEAR(bench.y.speed_rpm, 2000, 2);
}

}  // namespace
}  // namespace bldc_motor::test
