/// What depends on parameters and the step alone.
#pragma once

#include "profiles.hpp"

namespace battery_sensor {

template <class R>
SIM_INLINE void prepare_ageing(double dt_s, const Param<R>& p, Work<R>& k) noexcept {
  const R points = of_profile(p.profile, &Profile::soh_loss_pct_per_year, p.soh_loss_pct_per_year);
  const R growth = of_profile(p.profile, &Profile::resistance_growth_pct_per_year, p.resistance_growth_pct_per_year);
  const R calendar = sim::select(p.calendar_ageing > 0.5, R(1.0), R(0.0));
  k.arrhenius_k = p.ea_ev / boltzmann_ev_per_k;
  k.years = calendar * p.time_scale * (dt_s / s_per_year);
  k.loss = k.years * points * 0.01;
  k.growth = k.years * sim::log1p(growth * 0.01);
  const R factor = of_profile(p.profile, &Profile::cycle_factor, p.cycle_factor);
  k.cycle_loss = sim::select(p.cycle_ageing > 0.5, factor * end_of_life_share / p.cycle_life, R(0.0));
}

template <class R>
SIM_INLINE void prepare(double dt_s, const Param<R>& p, Work<R>& k) noexcept {
  k.v1_decay = sim::exp(-dt_s / p.polarisation_s);
  k.heat_decay = sim::exp(-dt_s / (p.rth_k_per_w * p.cth_j_per_k));
  k.heat_decay_runaway = sim::exp(-dt_s / (runaway_rth_k_per_w * p.cth_j_per_k));
  k.soc_per_a = dt_s / (3600.0 * p.capacity_ah);
  k.gas_per_k = sim::log(R(2.0)) / p.gas_doubling_k;
  k.gas_per_v = sim::log(R(10.0)) / (cells * p.gas_tafel_v);
  k.gas_origin = -(k.gas_per_k * reference_c + k.gas_per_v * (cells * p.gas_cell_v));
  prepare_ageing(dt_s, p, k);
}

}  // namespace battery_sensor
