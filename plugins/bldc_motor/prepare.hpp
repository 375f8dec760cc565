/// What depends on parameters and the step alone: gains and coefficients.
#pragma once

#include <sim/cpp/math.hpp>

#include "control.hpp"

namespace bldc_motor {

/// The speed loop at PID parameters (1, 0.1, 0.01): Ti = 5 / crossover, Td = 1 ms.
inline constexpr double nominal_kp = 1, nominal_ki = 0.1, nominal_kd = 0.01;
inline constexpr double integral_time_crossings = 5, derivative_time_s = 1e-3;

template <class R>
SIM_INLINE void prepare_control(const Timing& timing, const Param<R>& p, Work<R>& k) noexcept {
  const R bandwidth = 2 * sim::pi * p.current_bandwidth_hz;
  const R ki = sim::select(p.current_ki_v_per_a_s > 0.0, p.current_ki_v_per_a_s, p.resistance_ohm * bandwidth);
  k.current_kp = sim::select(p.current_kp_v_per_a > 0.0, p.current_kp_v_per_a, p.inductance_h * bandwidth);
  k.current_ki_h = ki * timing.sub_step_s;

  const R crossover = 2 * sim::pi * p.speed_bandwidth_hz;
  const R inertia_a = p.inertia_kg_m2 / p.kt_n_m_per_a;  // amperes per rad/s2
  k.max_speed_rad_s = p.max_speed_rpm * rad_s_per_rpm;
  k.speed_kp = inertia_a * sim::min(crossover * (p.kp / nominal_kp), 2 * sim::pi * p.speed_bandwidth_max_hz);
  k.speed_ki_period =
      inertia_a * crossover * crossover * (p.ki / nominal_ki) * (timing.period_s / integral_time_crossings);
  k.speed_kd_per_filter = inertia_a * crossover * derivative_time_s * (p.kd / nominal_kd) / p.derivative_filter_s;
  k.filter_gain = -sim::expm1(-timing.period_s / p.derivative_filter_s);
}

/// Time constants far below the sub-step are lengthened to what its series still resolves: h/4 for L/R and J/B, and
/// an electromechanical w h of 2.
template <class R>
SIM_INLINE void prepare_machine(const Timing& timing, const Param<R>& p, Work<R>& k) noexcept {
  const double h = timing.sub_step_s;
  k.resistance_slope_ohm_per_k = p.resistance_ohm * p.temperature_coefficient_per_k;
  k.resistance_0_ohm = p.resistance_ohm - 20.0 * k.resistance_slope_ohm_per_k;
  const R inductance = sim::max(p.inductance_h, 0.25 * h * p.resistance_ohm);
  const R coupling = p.ke_v_s_per_rad * p.kt_n_m_per_a * (0.25 * h * h) / inductance;
  const R inertia = sim::max(p.inertia_kg_m2, sim::max(coupling, 0.25 * h * p.friction_n_m_s_per_rad));
  k.h_per_l = h / inductance;
  k.h_per_j = h / inertia;
  k.period_per_l = timing.period_s / inductance;
  k.period_per_j = timing.period_s / inertia;
}

template <class R>
SIM_INLINE void prepare(double dt_s, const Param<R>& p, Work<R>& k) noexcept {
  const Timing timing(dt_s);
  prepare_machine(timing, p, k);
  prepare_control(timing, p, k);
  const R peak = p.peak_current_a, rated = p.rated_current_a;
  k.overload_limit_a2_s = sim::max((peak * peak - rated * rated) * p.overload_time_s, R(0.0));
  k.derating_per_k = 1.0 / sim::max(p.trip_c - p.derating_start_c, R(0.1));
  k.dead_time_v = p.dc_bus_voltage_v * (1e-6 * p.dead_time_us * p.switching_frequency_hz);
  k.switching_v = p.dc_bus_voltage_v * (1e-6 * p.switching_time_us * p.switching_frequency_hz);
  k.core_loss_w_s2 = p.core_loss_w / (k.max_speed_rad_s * k.max_speed_rad_s);
  k.winding_k_per_w = timing.period_s / p.winding_capacity_j_per_k;
  k.housing_k_per_w = timing.period_s / p.housing_capacity_j_per_k;
  k.winding_to_housing_w_per_k = 1.0 / p.winding_to_housing_k_per_w;
  k.housing_to_ambient_w_per_k = 1.0 / p.housing_to_ambient_k_per_w;
}

}  // namespace bldc_motor
