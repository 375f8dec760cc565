/// Current and speed over one sub-step: the linear machine under a held voltage and load torque, solved exactly or by
/// Runge-Kutta.
#pragma once

#include <sim/cpp/math.hpp>

#include "variables.hpp"

namespace bldc_motor {

/// The linear machine, h the sub-step:
///   L di/dt = v - R i - ke w        i current, A     v terminal voltage, V
///   J dw/dt = kt i - B w - T        w speed, rad/s   T load torque, N m
/// written as d(i, w)/dt = A (i, w) + (v/L, -T/J). The members are the coefficients of A h; R h/L is held where the
/// series of the exact solution still ends in a stable one (a winding of some 500 degC).
template <class R>
struct Machine {
  R r, ke, kt, b, h_per_l, h_per_j;

  SIM_INLINE Machine(const Param<R>& p, const Work<R>& k, R resistance_ohm) noexcept
      : r(sim::min(resistance_ohm * k.h_per_l, R(12.0))),
        ke(p.ke_v_s_per_rad * k.h_per_l),
        kt(p.kt_n_m_per_a * k.h_per_j),
        b(p.friction_n_m_s_per_rad * k.h_per_j),
        h_per_l(k.h_per_l),
        h_per_j(k.h_per_j) {}
};

/// The exact solution: (i, w) after h = exp(A h) (i, w) + h phi(A h) (v/L, -T/J), phi(X) = (exp(X) - 1) X^-1.
///
/// Both are c0 + c1 X by Cayley and Hamilton, since X^2 = tr X - det. With X = A h/4 the series of phi needs seven
/// terms; two doublings, phi(2X) = (1 + exp X) phi(X)/2, lead back to A h. No division, no case for real or complex
/// eigenvalues. [Higham 10]
template <class R>
class Exact {
 public:
  SIM_INLINE explicit Exact(const Machine<R>& m) noexcept {
    const R a = m.r * -0.25, b = m.ke * -0.25, c = m.kt * 0.25, d = m.b * -0.25;
    const R tr = a + d, det = a * d - b * c;
    R p0 = R(1.0 / 720), p1 = R(1.0 / 5040);  // phi, as p0 + p1 X
    constexpr double terms[] = {1.0 / 120, 1.0 / 24, 1.0 / 6, 1.0 / 2, 1.0};
    for (const double term : terms) {
      const R low = term - det * p1;
      p1 = p0 + tr * p1;
      p0 = low;
    }
    R e0 = 1.0 - det * p1, e1 = p0 + tr * p1;  // exp
    for (int doubling = 0; doubling < 2; ++doubling) {
      const R s0 = 0.5 + 0.5 * e0, s1 = 0.5 * e1;
      const R low = s0 * p0 - det * (s1 * p1);
      p1 = s0 * p1 + s1 * (p0 + tr * p1);
      p0 = low;
      const R square = e0 * e0 - det * (e1 * e1);
      e1 = e1 * (e0 + e0 + tr * e1);
      e0 = square;
    }
    gain_ = (p0 + p1 * a) * m.h_per_l, w_per_v_ = p1 * c * m.h_per_l;
    w_per_torque_ = (p0 + p1 * d) * m.h_per_j;
    w_per_i_ = e1 * c, w_per_w_ = e0 + e1 * d;
    const R volts = 1.0 / gain_;
    v_per_i_ = (e0 + e1 * a) * volts, v_per_w_ = e1 * b * volts, v_per_torque_ = p1 * b * m.h_per_j * volts;
  }

  /// The current at the end is gain * (v + push).
  SIM_INLINE R gain() const noexcept { return gain_; }
  SIM_INLINE R push(R i, R w, R load) const noexcept { return v_per_i_ * i + (v_per_w_ * w - v_per_torque_ * load); }
  SIM_INLINE R speed_per_torque() const noexcept { return w_per_torque_; }
  SIM_INLINE R speed_without_load(R i, R w, R v) const noexcept { return (w_per_i_ * i + w_per_w_ * w) + w_per_v_ * v; }
  SIM_INLINE void advance(R& i, R& w, R v, R load, R push) const noexcept {
    w = (w_per_i_ * i + w_per_w_ * w - w_per_torque_ * load) + w_per_v_ * v;
    i = gain_ * (v + push);
  }

 private:
  R gain_, v_per_i_, v_per_w_, v_per_torque_;
  R w_per_i_, w_per_w_, w_per_v_, w_per_torque_;
};

/// The classical method of fourth order, kept to check the exact solution and to measure it against. Where the current
/// limit asks for the current at the end it answers to second order.
template <class R>
class RungeKutta4 {
 public:
  SIM_INLINE explicit RungeKutta4(const Machine<R>& m) noexcept
      : m_(m), gain_(m.h_per_l * (1.0 - 0.5 * m.r)), volts_(1.0 / gain_) {}

  SIM_INLINE R gain() const noexcept { return gain_; }
  SIM_INLINE R push(R i, R w, R) const noexcept {
    const R di = m_.r * i + m_.ke * w;
    return (i - di + 0.5 * (m_.r * di - m_.ke * (m_.kt * i - m_.b * w))) * volts_;
  }
  SIM_INLINE R speed_per_torque() const noexcept { return m_.h_per_j * (1.0 - 0.5 * m_.b); }
  SIM_INLINE R speed_without_load(R i, R w, R v) const noexcept {
    const R dw = m_.kt * i - m_.b * w;
    return w + dw + 0.5 * (m_.kt * (v * m_.h_per_l - m_.r * i - m_.ke * w) - m_.b * dw);
  }
  SIM_INLINE void advance(R& i, R& w, R v, R load, R) const noexcept {
    const R drive = v * m_.h_per_l, brake = load * m_.h_per_j;
    const auto di = [&](R x, R y) noexcept { return drive - m_.r * x - m_.ke * y; };
    const auto dw = [&](R x, R y) noexcept { return m_.kt * x - m_.b * y - brake; };
    const R i1 = di(i, w), w1 = dw(i, w);
    const R i2 = di(i + 0.5 * i1, w + 0.5 * w1), w2 = dw(i + 0.5 * i1, w + 0.5 * w1);
    const R i3 = di(i + 0.5 * i2, w + 0.5 * w2), w3 = dw(i + 0.5 * i2, w + 0.5 * w2);
    const R i4 = di(i + i3, w + w3), w4 = dw(i + i3, w + w3);
    i = i + (i1 + 2.0 * (i2 + i3) + i4) * (1.0 / 6.0);
    w = w + (w1 + 2.0 * (w2 + w3) + w4) * (1.0 / 6.0);
  }

 private:
  Machine<R> m_;
  R gain_, volts_;
};

}  // namespace bldc_motor
