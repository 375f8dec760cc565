/// Heat of winding and housing, and what keeps the machine whole: overload limit, derating, over-temperature trip.
#pragma once

#include <sim/cpp/math.hpp>

#include "variables.hpp"

namespace bldc_motor {

/// |i| that the drive may reach now; 0 means an open bridge.
template <class R>
SIM_INLINE R current_limit(const Param<R>& p, const Work<R>& k, const State<R>& x) noexcept {
  const R lasting = sim::min(p.rated_current_a, p.peak_current_a);
  const R base = sim::select(x.overload_limiting > 0.5, lasting, p.peak_current_a);
  const R derating = sim::clamp((p.trip_c - x.winding_node_c) * k.derating_per_k, R(0.0), R(1.0));
  const sim::mask_t<R> open = (x.over_temperature > 0.5) | (x.emergency_stopped > 0.5);
  return sim::select(open, R(0.0), base * derating);
}

/// I2t: q' = i^2 - rated^2, q >= 0; the limit holds from q_max on and until q is below 90 % of it.
template <class R>
SIM_INLINE void count_overload(const Param<R>& p, const Work<R>& k, R mean_square, double dt_s, State<R>& x) noexcept {
  const R q = x.overload_a2_s + (mean_square - p.rated_current_a * p.rated_current_a) * dt_s;
  x.overload_a2_s = sim::max(q, R(0.0));
  const R until = sim::select(x.overload_limiting > 0.5, 0.9 * k.overload_limit_a2_s, k.overload_limit_a2_s);
  x.overload_limiting = sim::select(x.overload_a2_s >= until, R(1.0), R(0.0));
}

/// Two nodes, winding and housing, and the trip of the winding:
///   C_w dT_w/dt = R i^2 + P_core (w/w_max)^2 - (T_w - T_h)/R_wh
///   C_h dT_h/dt = (T_w - T_h)/R_wh - (T_h - T_a)/R_ha
template <class R>
SIM_INLINE void warm(const Param<R>& p, const Work<R>& k, R copper_w, State<R>& x) noexcept {
  const R core = k.core_loss_w_s2 * (x.shaft_speed_rad_s * x.shaft_speed_rad_s);
  const R inward = (x.winding_node_c - x.housing_node_c) * k.winding_to_housing_w_per_k;
  const R outward = (x.housing_node_c - p.ambient_c) * k.housing_to_ambient_w_per_k;
  x.winding_node_c += k.winding_k_per_w * (copper_w + core - inward);
  x.housing_node_c += k.housing_k_per_w * (inward - outward);
  const R held = sim::select(x.winding_node_c < p.trip_clear_c, R(0.0), x.over_temperature);
  x.over_temperature = sim::select(x.winding_node_c >= p.trip_c, R(1.0), held);
}

}  // namespace bldc_motor
