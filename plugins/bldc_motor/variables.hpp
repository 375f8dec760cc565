/// The numbers of the motor: inputs, parameters, state, derived coefficients and outputs, for one lane or a pack of
/// them.
///
/// SI units, except where a name ends in another; what each one means stands in the tables of parameters.hpp and
/// signals.hpp.
#pragma once

namespace bldc_motor {

/// Places in the enums of the descriptor, as the numbers they ride as.
inline constexpr double mode_speed = 0, mode_automatic = 1, mode_manual = 2, mode_current = 3, mode_torque = 4,
                        mode_voltage = 5, mode_duty_cycle = 6;
/// What an open loop is driven by: the command given last. A set-point ends the open loop of the voltage mode.
inline constexpr double source_voltage = 0, source_duty_cycle = 1, source_speed = 2;
inline constexpr double fault_none = 0, fault_over_temperature = 1, fault_emergency_stop = 2;
/// Which loops ruled in the last control period; `loops_out` also while the bridge is open.
inline constexpr double loops_out = 0, loops_pid = 1, loops_current = 2, loops_speed = 3;

template <class R>
struct In {
  R control_mode, use_cascaded_control, enable_pid, manual_source;
  R speed_setpoint_rpm, load_torque_n_m, target_current_a, target_torque_n_m, manual_voltage_v, manual_duty_cycle;
};

template <class R>
struct Param {
  R resistance_ohm, inductance_h, kt_n_m_per_a, ke_v_s_per_rad, pole_pairs, inertia_kg_m2, friction_n_m_s_per_rad;
  R rated_voltage_v, rated_current_a, rated_speed_rpm, rated_torque_n_m, rated_power_w;
  R max_speed_rpm, max_torque_n_m, peak_current_a, overload_time_s, field_weakening;
  R dc_bus_voltage_v, switching_frequency_hz, dead_time_us, switch_resistance_ohm, switching_time_us;
  R kp, ki, kd, integral_limit_rpm_s, derivative_filter_s;
  R speed_bandwidth_hz, speed_bandwidth_max_hz, setpoint_weight;
  R current_bandwidth_hz, current_kp_v_per_a, current_ki_v_per_a_s;
  R temperature_coefficient_per_k, core_loss_w, winding_capacity_j_per_k, winding_to_housing_k_per_w;
  R housing_capacity_j_per_k, housing_to_ambient_k_per_w, ambient_c;
  R derating_start_c, trip_c, trip_clear_c;
};

template <class R>
struct State {
  R winding_current_a, shaft_speed_rad_s, winding_node_c, housing_node_c;
  R overload_a2_s, overload_limiting, over_temperature, emergency_stopped;
  R loops, current_integral_v, speed_integral_a, filtered_speed_rad_s, pid_integral_rpm_s, filtered_error_rpm;
};

template <class R>
struct Out {
  R speed_rpm, torque_n_m, current_a, voltage_v, power_w, efficiency, temperature_c, housing_temperature_c;
  R duty_cycle, bus_power_w, current_reference_a, current_error_a, control_input_v, controller_saturated;
  R current_limit_a, direct_current_a, fault;
};

/// What `prepare` derives from parameters and step. h is the sub-step, "period" the control period.
template <class R>
struct Work {
  R resistance_0_ohm, resistance_slope_ohm_per_k;  ///< R = resistance_0 + slope * temperature in degC
  R h_per_l, h_per_j, period_per_l, period_per_j;
  R current_kp, current_ki_h;
  R max_speed_rad_s, speed_kp, speed_ki_period, speed_kd_per_filter, filter_gain;
  R overload_limit_a2_s, derating_per_k;
  R dead_time_v, switching_v;
  R core_loss_w_s2, winding_k_per_w, housing_k_per_w, winding_to_housing_w_per_k, housing_to_ambient_w_per_k;
};

}  // namespace bldc_motor
