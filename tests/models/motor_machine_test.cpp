/// The machine by itself against closed forms: electrical and mechanical equations, their solution, energy.
#include <tests/models/motor_bench.hpp>

#include <gtest/gtest.h>

#include <array>
#include <complex>

namespace bldc_motor::test {
namespace {

struct Motion2 {
  double i, w;
};

/// The linear machine from (0, 0) under voltage v and torque T: y(t) = y_end + c1 e1 exp(l1 t) + c2 e2 exp(l2 t).
Motion2 closed_form(const Param<double>& p, double v, double torque, double t) {
  using C = std::complex<double>;
  const double r = p.resistance_ohm, l = p.inductance_h, ke = p.ke_v_s_per_rad, kt = p.kt_n_m_per_a;
  const double j = p.inertia_kg_m2, b = p.friction_n_m_s_per_rad;
  const double w_end = (kt * v - r * torque) / (ke * kt + r * b), i_end = (torque + b * w_end) / kt;
  const C half = -(r / l + b / j) / 2.0, root = std::sqrt(half * half - C((r * b + ke * kt) / (l * j)));
  const C l1 = half + root, l2 = half - root;
  // Eigenvectors (1, g) with g = (l + R/L) * (-L/ke); the constants follow from y(0) = 0.
  const C g1 = (l1 + r / l) * (-l / ke), g2 = (l2 + r / l) * (-l / ke);
  const C c2 = (-w_end + g1 * i_end) / (g2 - g1), c1 = -i_end - c2;
  const C i = i_end + c1 * std::exp(l1 * t) + c2 * std::exp(l2 * t);
  const C w = w_end + c1 * g1 * std::exp(l1 * t) + c2 * g2 * std::exp(l2 * t);
  return {i.real(), w.real()};
}

template <template <class> class Motion>
Motion<double> motion_over(const Param<double>& p, double h) {
  Work<double> k{};
  k.h_per_l = h / p.inductance_h;
  k.h_per_j = h / p.inertia_kg_m2;
  return Motion<double>(Machine<double>(p, k, p.resistance_ohm));
}
template <template <class> class Motion>
Motion2 after(const Param<double>& p, double v, double torque, double h, int steps) {
  const Motion<double> motion = motion_over<Motion>(p, h);
  Motion2 y{0, 0};
  for (int n = 0; n < steps; ++n) motion.advance(y.i, y.w, v, torque, motion.push(y.i, y.w, torque));
  return y;
}

// Aim: the published step table. Method: open loop on 48 V, no load, cold and unlimited; half a digit of the table.
TEST(MotorMachine, FollowsThePublishedStepOf48Volts) {
  struct Row {
    double ms, current_a, speed_rpm;
  };
  constexpr Row table[] = {{1, 31.063, 25.32},     {2, 59.938, 99.02},     {5, 129.590, 568.13},
                           {10, 176.973, 1859.26}, {15, 142.675, 3182.80}, {20, 59.903, 3999.42}};
  Bench<> bench;
  bench.make_ideal();
  bench.u.control_mode = mode_voltage;
  bench.u.manual_voltage_v = 48;
  double ms = 0;
  for (const Row& row : table) {
    for (; ms < row.ms; ++ms) bench.tick();
    EXPECT_NEAR(bench.y.current_a, row.current_a, 5.1e-4) << row.ms;
    EXPECT_NEAR(bench.y.speed_rpm, row.speed_rpm, 5.1e-3) << row.ms;
  }
  bench.run(5);
  EXPECT_NEAR(bench.y.speed_rpm, 2704.65, 5.1e-3);
  EXPECT_NEAR(bench.y.current_a, 1.676, 5.1e-4);
}

TEST(MotorMachine, IsSolvedExactlyWhateverTheSubStep) {
  const Param<double> p = at_start(parameters);
  for (const double h : {1e-5, 1e-4, 1e-3}) {
    const Motion2 y = after<Exact>(p, 30, 2, h, static_cast<int>(std::lround(0.02 / h)));
    const Motion2 truth = closed_form(p, 30, 2, 0.02);
    EXPECT_NEAR(y.i, truth.i, 1e-9 * std::abs(truth.i)) << h;
    EXPECT_NEAR(y.w, truth.w, 1e-9 * std::abs(truth.w)) << h;
  }
}

TEST(MotorMachine, IsSolvedExactlyWhenOverdampedAndWhenStiff) {
  Param<double> p = at_start(parameters);
  p.inertia_kg_m2 = 0.1;  // real eigenvalues
  Motion2 y = after<Exact>(p, 48, 5, 1e-4, 1000), truth = closed_form(p, 48, 5, 0.1);
  EXPECT_NEAR(y.w, truth.w, 1e-9 * truth.w);
  p.inductance_h = 1e-5;  // L/R of 1.25 sub-steps
  y = after<Exact>(p, 48, 5, 1e-4, 1000), truth = closed_form(p, 48, 5, 0.1);
  EXPECT_NEAR(y.i, truth.i, 1e-7 * truth.i);
  EXPECT_NEAR(y.w, truth.w, 1e-7 * truth.w);
}

// Aim: order four. Method: against the closed form at 10 ms, halving h must divide the error by 16.
TEST(MotorMachine, RungeKuttaConvergesWithOrderFour) {
  const Param<double> p = at_start(parameters);
  const Motion2 truth = closed_form(p, 48, 3, 0.016);
  const auto error = [&](double h) {
    const Motion2 y = after<RungeKutta4>(p, 48, 3, h, static_cast<int>(std::lround(0.016 / h)));
    return std::hypot(y.i - truth.i, y.w - truth.w);
  };
  EXPECT_NEAR(error(1e-3) / error(5e-4), 16, 1);
  EXPECT_NEAR(error(5e-4) / error(2.5e-4), 16, 1);
  EXPECT_LT(error(1e-4), 1e-5);
}

TEST(MotorMachine, KeepsTheDampingOfAMillisecondStep) {
  const Param<double> p = at_start(parameters);
  const Exact<double> motion = motion_over<Exact>(p, 1e-3);
  double i1 = 1, w1 = 0, i2 = 0, w2 = 1;
  motion.advance(i1, w1, 0, 0, motion.push(i1, w1, 0));
  motion.advance(i2, w2, 0, 0, motion.push(i2, w2, 0));
  EXPECT_NEAR(std::sqrt(i1 * w2 - i2 * w1), 0.97320, 5e-6);
}

TEST(MotorMachine, ChargesALockedRotorThroughItsTimeConstant) {
  Param<double> p = at_start(parameters);
  p.kt_n_m_per_a = 0;
  for (const int steps : {10, 100, 500}) {
    EXPECT_NEAR(after<Exact>(p, 48, 0, 1e-4, steps).i, 600 * (1 - std::exp(-steps * 1e-4 / 18.75e-3)), 1e-8) << steps;
  }
}

TEST(MotorMachine, CoastsDownWithInertiaOverFriction) {
  Bench<> bench;
  bench.x.shaft_speed_rad_s = 100;
  bench.x.emergency_stopped = 1;
  bench.run(0.5);
  // The open bridge is the voltage that keeps the current at 0 at every sub-step's ends, not quite in between.
  EXPECT_NEAR(bench.x.shaft_speed_rad_s, 100 * std::exp(-0.5), 1e-3);
  EXPECT_NEAR(bench.y.current_a, 0, 1e-12);
  EXPECT_NEAR(bench.y.voltage_v, 0.169 * 100 * std::exp(-0.5), 1e-2) << "the terminals show the EMF";
}

TEST(MotorMachine, HoldsThePublishedPointOn48Volts) {
  Bench<> bench;
  bench.make_ideal();
  bench.u.control_mode = mode_voltage;
  bench.u.manual_voltage_v = 48;
  bench.u.load_torque_n_m = 5;
  bench.run(3);
  EXPECT_NEAR(bench.y.speed_rpm, 2571.3, 0.06);
  EXPECT_NEAR(bench.y.current_a, 31.18, 6e-3);
  EXPECT_NEAR(bench.y.power_w, 1346.3, 0.06);
  EXPECT_NEAR(bench.y.efficiency, 0.900, 6e-4);
}

// Aim: the energy balance of a step to 1e-6. Method: Simpson over 200 points of the exact motion within one step.
TEST(MotorMachine, BalancesItsEnergyInEveryStep) {
  const Param<double> p = at_start(parameters);
  constexpr int points = 200;
  constexpr double dt = 1e-3, v = 40, torque = 5;
  const Exact<double> fine = motion_over<Exact>(p, dt / points);
  double i = 12, w = 90;
  for (int tick = 0; tick < 20; ++tick) {
    const double i0 = i, w0 = w;
    double in = 0, copper = 0, gap = 0, load = 0, friction = 0;
    for (int n = 0; n <= points; ++n) {
      const double weight = (n == 0 || n == points ? 1.0 : n % 2 == 1 ? 4.0 : 2.0) * dt / points / 3;
      in += weight * v * i;
      copper += weight * p.resistance_ohm * i * i;
      gap += weight * p.kt_n_m_per_a * i * w;
      load += weight * torque * w;
      friction += weight * p.friction_n_m_s_per_rad * w * w;
      if (n < points) fine.advance(i, w, v, torque, fine.push(i, w, torque));
    }
    const double magnetic = 0.5 * p.inductance_h * (i * i - i0 * i0);
    const double kinetic = 0.5 * p.inertia_kg_m2 * (w * w - w0 * w0);
    EXPECT_NEAR(in, copper + magnetic + gap, 1e-6 * std::abs(in)) << tick;
    EXPECT_NEAR(gap, load + friction + kinetic, 1e-6 * std::abs(gap)) << tick;
  }
}

// Aim: both solutions are the same motor. Method: the same closed loop, the difference of fourth order in 0.1 ms.
TEST(MotorMachine, MovesAlikeUnderBothSolutions) {
  Bench<Exact> exact;
  Bench<RungeKutta4> rk4;
  exact.u.speed_setpoint_rpm = rk4.u.speed_setpoint_rpm = 2000;
  exact.u.load_torque_n_m = rk4.u.load_torque_n_m = 5;
  for (int n = 0; n < 300; ++n) {
    exact.tick();
    rk4.tick();
    ASSERT_NEAR(exact.y.speed_rpm, rk4.y.speed_rpm, 1.0) << n;
  }
  EXPECT_NEAR(exact.y.speed_rpm, rk4.y.speed_rpm, 1e-3);
  EXPECT_NEAR(exact.y.current_a, rk4.y.current_a, 1e-4);
}

}  // namespace
}  // namespace bldc_motor::test
