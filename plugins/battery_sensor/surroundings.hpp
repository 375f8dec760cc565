/// What scenario and inputs make of the world of a jar: climate, mains, load, and what the scenario sets of the jar.
#pragma once

#include <sim/cpp/context.hpp>

#include "profiles.hpp"

namespace battery_sensor {

/// Streams of random numbers. The load's counts outages, the meter's ticks.
inline constexpr std::uint32_t stream_voltage = 0, stream_current = 1, stream_temperature = 2, stream_load = 3,
                               stream_failure = 4, stream_tolerance = 5;

template <class R>
struct Surroundings {
  sim::mask_t<R> mains, failing_rates, runaway;
  R ambient_c, load_a;
  R resistance_factor, current_factor, rth_k_per_w;
};

/// A scenario that comes into force starts its clock, and an outage draws its load.
template <class R>
SIM_INLINE void enter_scenario(const In<R>& u, State<R>& x, const sim::Random<R>& random) noexcept {
  const sim::mask_t<R> comes = u.scenario != x.scenario_held, outage = comes & (u.scenario == R(scenario_outage));
  x.scenario_s = sim::select(comes, R(0.0), x.scenario_s);
  x.scenario_held = u.scenario;
  if (!sim::any(outage)) return;
  const R drawn =
      outage_load_min_a + (outage_load_max_a - outage_load_min_a) * random.at(x.outages).uniform(stream_load);
  x.load_a = sim::select(outage, drawn, x.load_a);
  x.outages += sim::select(outage, R(1.0), R(0.0));
}

template <class R>
SIM_INLINE R ambient(const In<R>& u, const State<R>& x) noexcept {
  const R start = of_climate(u.scenario, &Climate::start_c), rise = of_climate(u.scenario, &Climate::rise_k);
  R course = start;
  if (sim::any(rise > 0.0)) course -= rise * sim::expm1(-x.scenario_s / of_climate(u.scenario, &Climate::tau_s));
  const sim::mask_t<R> given = (u.ambient_override > 0.5) | (u.scenario == R(scenario_none));
  return sim::select(given, u.ambient_temp_c, course);
}

template <class R>
SIM_INLINE Surroundings<R> surroundings(const In<R>& u, const Param<R>& p, const State<R>& x) noexcept {
  const sim::mask_t<R> own = u.scenario == R(scenario_none), outage = u.scenario == R(scenario_outage);
  const sim::mask_t<R> degradation = u.scenario == R(scenario_degradation), runaway = u.scenario == R(scenario_runaway);
  Surroundings<R> s;
  s.mains = (own & (u.mains > 0.5)) | !(own | outage);
  s.failing_rates = degradation;
  s.runaway = runaway;
  s.ambient_c = ambient(u, x);
  s.load_a = sim::select(own, u.load_demand_a, x.load_a);
  s.resistance_factor = sim::select(degradation, R(degradation_resistance_factor), R(1.0));
  s.current_factor =
      sim::select(runaway | (x.failure == R(failure_runaway)), R(runaway_current_factor), p.float_current_factor);
  s.rth_k_per_w = sim::select(runaway, R(runaway_rth_k_per_w), p.rth_k_per_w);
  return s;
}

}  // namespace battery_sensor
