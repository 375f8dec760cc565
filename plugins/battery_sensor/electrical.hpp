/// Voltage and current between the poles: open circuit, resistance, polarisation, charger, discharge and its end.
#pragma once

#include "surroundings.hpp"

namespace battery_sensor {

/// What flows at a moment; positive charges.
template <class R>
struct Flow {
  R current_a, voltage_v, gas_a;  ///< gas: the part of the current that stores nothing
  R open_v, resistance_ohm;
};

/// Held above 1 %, so that a dead jar still has a charge to count.
template <class R>
SIM_INLINE R capacity_factor(const State<R>& x) noexcept {
  return sim::max(x.soh, R(0.01)) * x.capacity_share;
}

template <class R>
SIM_INLINE R open_circuit_v(const Param<R>& p, const State<R>& x) noexcept {
  const R rested = p.ocv_empty_v + x.soc * (p.ocv_slope_v + p.ocv_cubic_v * (x.soc * x.soc));
  const R shorted = sim::select(x.failure == R(failure_short), R(short_v), R(0.0));
  return rested * (1.0 - p.ocv_ageing * (1.0 - x.soh)) - shorted;
}

template <class R>
SIM_INLINE R resistance_ohm(const Surroundings<R>& s, const Param<R>& p, const State<R>& x) noexcept {
  const R cold_k = sim::max(reference_c - x.t_jar_c, R(0.0));
  return x.r25_ohm * s.resistance_factor * (1.0 + p.cold_resistance_per_k * cold_k);
}

/// Mains: as asked for; by itself the charger boosts until full, then floats. No mains: discharge, and cut until then.
template <class R>
SIM_INLINE void choose_mode(const Surroundings<R>& s, const In<R>& u, const Param<R>& p, State<R>& x) noexcept {
  const sim::mask_t<R> equalize = u.charger == R(charger_equalize);
  x.equalize_s = sim::select(equalize, x.equalize_s, R(0.0));
  const sim::mask_t<R> done = equalize & (x.equalize_s >= p.equalize_h * 3600.0);
  const sim::mask_t<R> full = x.soc >= 0.01 * p.float_soc_pct, floats = x.charge_mode == R(mode_float);
  R mode = sim::select(full | floats, R(mode_float), R(mode_boost));
  mode = sim::select((u.charger == R(charger_float)) | done, R(mode_float), mode);
  mode = sim::select(u.charger == R(charger_boost), R(mode_boost), mode);
  mode = sim::select(equalize & !done, R(mode_equalize), mode);
  x.charge_mode = sim::select(s.mains, mode, R(mode_discharge));
  x.cut = sim::select(s.mains, R(0.0), x.cut);
}

/// Constant voltage, behind a limit of current.
template <class R>
SIM_INLINE void charge(const Surroundings<R>& s, const Param<R>& p, const Work<R>& k, const State<R>& x,
                       Flow<R>& f) noexcept {
  const R float_v = p.float_v + p.float_comp_v_per_k * (x.t_jar_c - reference_c);
  const R set_v = sim::select(x.charge_mode == R(mode_float), float_v,
                              sim::select(x.charge_mode == R(mode_boost), p.boost_v, p.equalize_v));
  const R exponent = sim::min(k.gas_per_k * x.t_jar_c + k.gas_per_v * set_v + k.gas_origin, R(50.0));
  const R worn = 1.0 + p.gas_ageing * (1.0 - x.soh);
  const R gas_a = p.gas_current_a * s.current_factor * worn * sim::exp(exponent);
  const R wanted_a = p.capacity_ah * capacity_factor(x) * (1.0 - x.soc) / p.acceptance_h + gas_a;
  f.current_a = sim::min(p.current_limit_a, wanted_a);
  f.voltage_v = set_v;
  f.gas_a = sim::min(f.current_a, gas_a);
  const sim::mask_t<R> limited = wanted_a > p.current_limit_a;
  if (!sim::any(limited)) return;
  const R inner_v = f.open_v + f.current_a * f.resistance_ohm + x.v1_v;
  const R below_v = sim::min(set_v, inner_v + (set_v - inner_v) * (f.current_a / wanted_a));
  const R less_gas_a = gas_a * sim::exp(k.gas_per_v * (below_v - set_v));
  f.voltage_v = sim::select(limited, below_v, f.voltage_v);
  f.gas_a = sim::select(limited, sim::min(f.current_a, less_gas_a), f.gas_a);
}

/// Of the whole charge, the share that can be drawn at this load: Peukert's law.
template <class R>
SIM_INLINE R drawable_share(const Surroundings<R>& s, const Param<R>& p, const State<R>& x) noexcept {
  const sim::mask_t<R> loaded = (!s.mains) & (s.load_a > 0.0);
  if (!sim::any(loaded)) return R(1.0);
  const R rated_a = p.capacity_ah * capacity_factor(x) / p.rated_discharge_h;
  const R ratio = rated_a / sim::select(loaded, s.load_a, rated_a);
  return sim::min(R(1.0), sim::pow(ratio, p.peukert_exponent - 1.0));
}

/// The end of the charge, or too low a voltage, opens the circuit.
template <class R>
SIM_INLINE void discharge(const Surroundings<R>& s, const Param<R>& p, R drawable, State<R>& x, Flow<R>& f) noexcept {
  const sim::mask_t<R> off = s.mains, loaded = (!off) & (s.load_a > 0.0) & (x.cut < 0.5);
  const R load_a = sim::select(loaded, s.load_a, R(0.0));
  const R drawn = sim::min(R(1.0), (1.0 - x.soc) / drawable);
  const R inner_v = f.open_v - load_a * f.resistance_ohm + x.v1_v;
  const R under_load_v = inner_v - sim::max(R(0.0), inner_v - p.cutoff_v) * sim::pow(drawn, p.knee_exponent);
  const sim::mask_t<R> ends = loaded & ((under_load_v <= p.cutoff_v) | (drawn >= 1.0));
  x.cut = sim::select(ends, R(1.0), x.cut);
  const sim::mask_t<R> flows = loaded & !ends;
  f.current_a = sim::select(off, f.current_a, sim::select(flows, -load_a, R(0.0)));
  f.voltage_v = sim::select(off, f.voltage_v, sim::select(flows, under_load_v, f.open_v + x.v1_v));
  f.gas_a = sim::select(off, f.gas_a, R(0.0));
}

/// Mode and flow as the jar and its surroundings are now.
template <class R>
SIM_INLINE Flow<R> flow(const Surroundings<R>& s, const In<R>& u, const Param<R>& p, const Work<R>& k, R drawable,
                        State<R>& x) noexcept {
  choose_mode(s, u, p, x);
  Flow<R> f;
  f.open_v = open_circuit_v(p, x);
  f.resistance_ohm = resistance_ohm(s, p, x);
  if (sim::any(s.mains))
    charge(s, p, k, x, f);
  else
    f.current_a = f.voltage_v = f.gas_a = R(0.0);
  if (!sim::all(s.mains)) discharge(s, p, drawable, x, f);
  return f;
}

}  // namespace battery_sensor
