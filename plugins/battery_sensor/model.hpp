/// The battery: what one step does to one jar (or a pack of them), from charger and load to heat, wear and readings.
#pragma once

#include "ageing.hpp"
#include "prepare.hpp"

namespace battery_sensor {

template <class R>
SIM_INLINE void store_charge(const Param<R>& p, const Work<R>& k, const Flow<R>& f, State<R>& x) noexcept {
  const R efficiency = sim::select(f.current_a > 0.0, p.charge_efficiency, R(1.0));
  x.soc = sim::clamp(x.soc + efficiency * (f.current_a - f.gas_a) * (k.soc_per_a / capacity_factor(x)), R(0.0), R(1.0));
  const R polarised_v = f.current_a * f.resistance_ohm * p.polarisation_ratio;
  x.v1_v = polarised_v + (x.v1_v - polarised_v) * k.v1_decay;
}

/// Losses and gassing warm it; at the venting temperature the heat goes with the gas.
template <class R>
SIM_INLINE void warm(const Surroundings<R>& s, const Param<R>& p, const Work<R>& k, const Flow<R>& f,
                     State<R>& x) noexcept {
  const R heat_w = (f.current_a - f.gas_a) * (f.voltage_v - f.open_v) + f.gas_a * f.voltage_v;
  const R settled_c = s.ambient_c + heat_w * s.rth_k_per_w;
  const R decay = sim::select(s.runaway, k.heat_decay_runaway, k.heat_decay);
  const R next_c = settled_c + (x.t_jar_c - settled_c) * decay;
  x.alarm = sim::select(next_c >= p.vent_c, R(1.0), sim::select(next_c < p.alarm_clear_c, R(0.0), x.alarm));
  x.t_jar_c = sim::min(next_c, p.vent_c);
}

template <class R>
SIM_INLINE void publish(const Surroundings<R>& s, const Flow<R>& f, const State<R>& x, Out<R>& y) noexcept {
  y.voltage_v = f.voltage_v;
  y.current_a = f.current_a;
  y.temperature_c = x.t_jar_c;
  y.internal_resistance_mohm = 1000.0 * f.resistance_ohm;
  y.soh_pct = 100.0 * x.soh;
  y.soc_pct = 100.0 * x.soc;
  y.mode = x.charge_mode;
  y.ambient_c = s.ambient_c;
  y.thermal_alarm = x.alarm;
}

/// Meters err; what is computed from many readings (R, SOH, SOC) is taken to be smoothed.
template <class R>
SIM_INLINE void add_noise(const Param<R>& p, const sim::Random<R>& random, Out<R>& y) noexcept {
  if (!sim::any(p.noise > 0.5)) return;
  const R on = sim::select(p.noise > 0.5, R(1.0), R(0.0));
  y.voltage_v += on * p.voltage_noise_v * random.normal(stream_voltage);
  y.current_a += on * p.current_noise_a * random.normal(stream_current);
  y.temperature_c += on * p.temperature_noise_k * random.normal(stream_temperature);
}

/// A fresh jar, worn as its SOH says, as warm as the place it stands in.
template <class R>
SIM_INLINE void begin(const In<R>& u, const Param<R>& p, const sim::Random<R>& random, State<R>& x) noexcept {
  const R points = of_profile(p.profile, &Profile::soh_loss_pct_per_year, p.soh_loss_pct_per_year);
  const R growth = of_profile(p.profile, &Profile::resistance_growth_pct_per_year, p.resistance_growth_pct_per_year);
  const R years = (100.0 - p.initial_soh_pct) / points;
  const sim::Pair<R> spread = random.uniforms(stream_tolerance);
  const R resistance_share = 1.0 + p.tolerance * resistance_tolerance * (2.0 * spread.second - 1.0);
  x.soc = x.soc_ref = 0.01 * p.initial_soc_pct;
  x.soh = 0.01 * p.initial_soh_pct;
  x.capacity_share = 1.0 + p.tolerance * capacity_tolerance * (2.0 * spread.first - 1.0);
  x.r25_ohm = sim::min(
      1e-3 * p.r0_mohm * resistance_share * sim::exp(sim::min(sim::log1p(0.01 * growth) * years, R(growth_max))),
      R(resistance_max_ohm));
  x.scenario_held = R(-1.0);
  x.charge_mode = R(mode_discharge);
  enter_scenario(u, x, random);
  x.t_jar_c = sim::min(ambient(u, x), p.vent_c);
}

template <class R>
SIM_INLINE void reset(double dt_s, const In<R>& u, const Param<R>& p, State<R>& x, Out<R>& y,
                      const sim::Random<R>& random) noexcept {
  Work<R> k;
  prepare(dt_s, p, k);
  begin(u, p, random, x);
  const Surroundings<R> s = surroundings(u, p, x);
  const Flow<R> f = flow(s, u, p, k, drawable_share(s, p, x), x);
  publish(s, f, x, y);
  add_noise(p, random, y);
}

/// random: of this lane, at the tick before the step.
template <class R>
SIM_INLINE void step(double dt_s, const In<R>& u, const Param<R>& p, const Work<R>& k, State<R>& x, Out<R>& y,
                     const sim::Random<R>& random, R tick) noexcept {
  enter_scenario(u, x, random);
  x.scenario_s += dt_s;
  const Surroundings<R> s = surroundings(u, p, x);
  const R drawable = drawable_share(s, p, x);  // hardly moves in a step
  const Flow<R> f = flow(s, u, p, k, drawable, x);
  const R speed = arrhenius(k.arrhenius_k, x.t_jar_c), soc_before = x.soc;
  x.equalize_s += sim::select(x.charge_mode == R(mode_equalize), R(dt_s), R(0.0));
  store_charge(p, k, f, x);
  warm(s, p, k, f, x);
  age_by_calendar(s, p, k, f, speed, x);
  age_by_cycles(p, k, f, soc_before, speed, x);
  fail_suddenly(dt_s, p, random, x);
  const Surroundings<R> after = surroundings(u, p, x);
  const Flow<R> shown = flow(after, u, p, k, drawable, x);
  publish(after, shown, x, y);
  add_noise(p, random.at(tick + 1.0), y);
}

}  // namespace battery_sensor
