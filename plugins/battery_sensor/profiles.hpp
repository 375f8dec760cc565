/// The numbers that come with a profile and with a scenario: what one choice of the descriptor stands for.
#pragma once

#include <sim/cpp/math.hpp>

#include "variables.hpp"

namespace battery_sensor {

struct Profile {
  double soh_loss_pct_per_year, resistance_growth_pct_per_year, cycle_factor, failures_per_year;
};
inline constexpr Profile profiles[] = {{2, 5, 1.0, 0.01}, {8, 15, 1.5, 0.1}, {25, 40, 2.0, 1}};
inline constexpr Profile failing = profiles[2];

/// The ambient is start + rise (1 - exp(-t/tau)).
struct Climate {
  double start_c, rise_k, tau_s;
};
inline constexpr Climate climates[] = {{25, 0, 1},     {25, 0, 1}, {45, 0, 1}, {25, 8, 3600},
                                       {25, 20, 1800}, {30, 0, 1}, {45, 0, 1}};
inline constexpr double outage_load_min_a = 10, outage_load_max_a = 30;
inline constexpr double degradation_resistance_factor = 1.2;
inline constexpr double runaway_current_factor = 10, runaway_rth_k_per_w = 1.5;

/// Which share of sudden failures is of a kind, in the order of the enum, and what they do.
inline constexpr double failure_shares[] = {0.05, 0.10, 0.30, 0.35, 0.20};
inline constexpr double short_v = 2.1, dry_out_resistance = 2, corrosion_resistance = 1.5, sulfation_capacity = 0.7;
/// Hazards grow as a jar wears: below 80, 60 and 40 %.
inline constexpr double hazard_at_80 = 2, hazard_at_60 = 6, hazard_at_40 = 30;

inline constexpr double s_per_year = 365.25 * 86400, boltzmann_ev_per_k = 8.617e-5, reference_c = 25,
                        reference_k = 298.15, kelvin = 273.15;
inline constexpr double cells = 6, end_of_life_share = 0.20;
inline constexpr double capacity_tolerance = 0.025, resistance_tolerance = 0.10;

/// A number of the jar's profile, or what a parameter says instead (0: nothing).
template <class R>
SIM_INLINE R of_profile(R profile, double Profile::*what, R instead) noexcept {
  const R own = sim::select(profile > 1.5, R(profiles[2].*what),
                            sim::select(profile > 0.5, R(profiles[1].*what), R(profiles[0].*what)));
  return sim::select(instead > 0.0, instead, own);
}

/// One number of the climate of each lane's scenario.
template <class R>
SIM_INLINE R of_climate(R scenario, double Climate::*what) noexcept {
  R value = R(climates[0].*what);
  for (int i = 1; i < 7; ++i) value = sim::select(scenario == R(static_cast<double>(i)), R(climates[i].*what), value);
  return value;
}

}  // namespace battery_sensor
