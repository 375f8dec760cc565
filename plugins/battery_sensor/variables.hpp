/// The numbers of the battery: inputs, parameters, state, derived coefficients and outputs, for one jar or a pack of
/// them. What each one means stands in the tables of parameters.hpp and signals.hpp.
#pragma once

namespace battery_sensor {

/// Places in the enums of the descriptor, as the numbers they ride as.
inline constexpr double mode_float = 0, mode_discharge = 1, mode_boost = 2, mode_equalize = 3;
inline constexpr double charger_auto = 0, charger_float = 1, charger_boost = 2, charger_equalize = 3;
inline constexpr double profile_healthy = 0, profile_accelerated = 1, profile_failing = 2;
inline constexpr double scenario_none = 0, scenario_normal = 1, scenario_high_temperature = 2, scenario_outage = 3,
                        scenario_hvac_failure = 4, scenario_degradation = 5, scenario_runaway = 6;
inline constexpr double failure_none = 0, failure_runaway = 1, failure_short = 2, failure_dry_out = 3,
                        failure_corrosion = 4, failure_sulfation = 5;

template <class R>
struct In {
  R scenario, ambient_override, ambient_temp_c, mains, load_demand_a, charger;
};

template <class R>
struct Param {
  R profile, initial_soh_pct, initial_soc_pct, capacity_ah, r0_mohm, tolerance, noise;
  R ocv_empty_v, ocv_slope_v, ocv_cubic_v, ocv_ageing, cold_resistance_per_k, polarisation_ratio, polarisation_s;
  R rated_discharge_h, peukert_exponent, cutoff_v, knee_exponent;
  R float_v, boost_v, equalize_v, float_comp_v_per_k, current_limit_a, acceptance_h, charge_efficiency, float_soc_pct,
      equalize_h;
  R float_current_factor, gas_current_a, gas_doubling_k, gas_tafel_v, gas_cell_v, gas_ageing;
  R rth_k_per_w, cth_j_per_k, vent_c, alarm_clear_c;
  R ea_ev, time_scale, calendar_ageing, cycle_ageing, soh_loss_pct_per_year, resistance_growth_pct_per_year;
  R stress_high_v, stress_high_per_v, stress_low_v, stress_low_per_v, cycle_life, cycle_exponent, cycle_factor;
  R failures, failures_per_year;
  R voltage_noise_v, current_noise_a, temperature_noise_k;
};

template <class R>
struct State {
  R soc, soh, r25_ohm, t_jar_c, v1_v, soc_ref, cut, charge_mode, scenario_s, load_a, outages;
  R scenario_held, equalize_s, alarm, failure, capacity_share;
};

template <class R>
struct Out {
  R voltage_v, current_a, temperature_c, internal_resistance_mohm, soh_pct, soc_pct, mode, ambient_c, thermal_alarm;
};

/// What `prepare` derives from parameters and step.
template <class R>
struct Work {
  R v1_decay, heat_decay, heat_decay_runaway;
  R soc_per_a;                         ///< of a jar as new, per ampere and step
  R gas_per_k, gas_per_v, gas_origin;  ///< ln(I_g / gas current) = gas_per_k T + gas_per_v V + gas_origin
  R arrhenius_k;                       ///< Ea/k
  R years;                             ///< on the calendar clock, per step
  R loss, growth;                      ///< per step at 25 degC: share of SOH, ln of resistance
  R cycle_loss;                        ///< share of SOH for a cycle of full depth
};

}  // namespace battery_sensor
