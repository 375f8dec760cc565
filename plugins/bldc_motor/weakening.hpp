/// What the inverter can do at this speed: voltage and current limits, plain or with field weakening.
#pragma once

#include <sim/cpp/math.hpp>

#include "variables.hpp"

namespace bldc_motor {

/// Limits of one sub-step, and what a weakened field contributes: reactance_ohm per ampere above quadrature_v.
template <class R>
struct Envelope {
  R volts, amperes, quadrature_v, reactance_ohm;
};

/// Without field weakening the limits are the bus and the current limit. With it the machine is read in dq, R, L and K
/// line to line (phase values R/2, L/2, K/sqrt3/p), currents scaled to the model's: i = sqrt(3)/2 i_q, j = -sqrt(3)/2
/// i_d.
///   E = ke |w|, X = p |w| L:  v_q^2 + (X i)^2 <= V^2,  v = v_q + X j,  i^2 + j^2 <= I^2,  j <= K/(p L)
/// j follows at once, as far as v needs it; resistance is left out of the limits. [Sul 5]
template <class R>
class Weakening {
 public:
  SIM_INLINE Weakening(const Param<R>& p, R current_limit_a) noexcept
      : on_(p.field_weakening > 0.5),
        bus_(p.dc_bus_voltage_v),
        limit_(current_limit_a),
        ke_(p.ke_v_s_per_rad),
        inductance_(p.pole_pairs * p.inductance_h),
        characteristic_(p.ke_v_s_per_rad / inductance_) {}

  SIM_INLINE Envelope<R> at(R i, R w) const noexcept {
    const R speed = sim::max(sim::abs(w), R(1e-6));
    const R x = inductance_ * speed, e = ke_ * speed, xi = x * i, x_limit = x * limit_;
    const R needed = (x_limit * x_limit + e * e - bus_ * bus_) / (2.0 * x * e);  // j at the full current
    const R amperes = sim::select(needed > characteristic_, bus_ / x, leg(limit_, sim::max(needed, R(0.0))));
    const R v_q = leg(bus_, xi);
    const R room = sim::min(characteristic_, leg(limit_, i));
    // Too little current to hold the field down: the diodes conduct, and the reactance alone limits what flows back.
    const R diodes = bus_ + e - leg(e, xi);
    const R volts = sim::select(e > bus_ + x_limit, diodes, v_q + x * room);
    return {sim::select(on_, volts, bus_), sim::select(on_, amperes, limit_), v_q, x};
  }
  /// j under voltage v.
  SIM_INLINE R field_current(const Envelope<R>& at, R v) const noexcept {
    const R j = sim::clamp((sim::abs(v) - at.quadrature_v) / at.reactance_ohm, R(0.0), characteristic_);
    return sim::select(on_, j, R(0.0));
  }

 private:
  /// The other leg of a right triangle, 0 where there is none.
  SIM_INLINE static R leg(R hypotenuse, R one) noexcept {
    return sim::sqrt(sim::max(hypotenuse * hypotenuse - one * one, R(0.0)));
  }

  sim::mask_t<R> on_;
  R bus_, limit_, ke_, inductance_, characteristic_;
};

}  // namespace bldc_motor
