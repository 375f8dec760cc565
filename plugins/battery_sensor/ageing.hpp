/// What time, heat, voltage and cycles take from a jar, and its sudden failures.
#pragma once

#include "electrical.hpp"

namespace battery_sensor {

/// How much faster everything ages than at 25 degC.
template <class R>
SIM_INLINE R arrhenius(R arrhenius_k, R t_c) noexcept {
  return sim::exp(arrhenius_k * (1.0 / reference_k - 1.0 / (t_c + kelvin)));
}

template <class R>
SIM_INLINE R float_stress(const Param<R>& p, R voltage_v) noexcept {
  return 1.0 + p.stress_high_per_v * sim::max(R(0.0), voltage_v - p.stress_high_v) +
         p.stress_low_per_v * sim::max(R(0.0), p.stress_low_v - voltage_v);
}

/// The resistance of a jar far beyond its end stops here.
inline constexpr double resistance_max_ohm = 10, growth_max = 50;

template <class R>
SIM_INLINE void lose(R share, R growth, State<R>& x) noexcept {
  x.soh = sim::max(x.soh - share, R(0.0));
  x.r25_ohm = sim::min(x.r25_ohm * growth, R(resistance_max_ohm));
}

template <class R>
SIM_INLINE void age_by_calendar(const Surroundings<R>& s, const Param<R>& p, const Work<R>& k, const Flow<R>& f,
                                R speed, State<R>& x) noexcept {
  const R hours = speed * float_stress(p, f.voltage_v);
  const R loss = sim::select(s.failing_rates, k.years * (failing.soh_loss_pct_per_year * 0.01), k.loss);
  const R growth = sim::select(s.failing_rates, k.years * 0.3364722366212129, k.growth);  // ln 1.4
  lose(loss * hours, sim::exp(sim::min(growth * hours, R(growth_max))), x);
}

/// Depth counts from where the discharge began: loss goes by depth^1.31, so that one deep cycle costs more than two
/// shallow ones.
template <class R>
SIM_INLINE void age_by_cycles(const Param<R>& p, const Work<R>& k, const Flow<R>& f, R soc_before, R speed,
                              State<R>& x) noexcept {
  const sim::mask_t<R> discharging = f.current_a < 0.0;
  if (sim::any(discharging)) {
    const R before = sim::max(R(0.0), x.soc_ref - soc_before), now = sim::max(R(0.0), x.soc_ref - x.soc);
    const R deeper = sim::pow(now, p.cycle_exponent) - sim::pow(before, p.cycle_exponent);
    const R loss = sim::select(discharging, k.cycle_loss * deeper * speed, R(0.0));
    lose(loss, 1.0 + 2.0 * loss, x);
  }
  x.soc_ref = sim::select(discharging, x.soc_ref, x.soc);
}

template <class R>
SIM_INLINE R hazard_per_year(const Param<R>& p, const State<R>& x) noexcept {
  const R fresh = of_profile(p.profile, &Profile::failures_per_year, p.failures_per_year);
  const R worn =
      sim::select(x.soh < 0.4, R(hazard_at_40),
                  sim::select(x.soh < 0.6, R(hazard_at_60), sim::select(x.soh < 0.8, R(hazard_at_80), R(1.0))));
  return fresh * worn;
}

/// Of a draw in 0..1, the kind of failure.
template <class R>
SIM_INLINE R failure_kind(R draw) noexcept {
  R kind = R(failure_sulfation);
  double end = 1;
  for (int i = 3; i >= 0; --i) {
    end -= failure_shares[i + 1];
    kind = sim::select(draw < end, R(static_cast<double>(i + 1)), kind);
  }
  return kind;
}

/// A jar fails once, and stays so.
template <class R>
SIM_INLINE void fail_suddenly(double dt_s, const Param<R>& p, const sim::Random<R>& random, State<R>& x) noexcept {
  if (!sim::any(p.failures > 0.5)) return;
  const sim::Pair<R> draw = random.uniforms(stream_failure);
  const R years = p.time_scale * (dt_s / s_per_year);
  const R probability = -sim::expm1(-sim::min(hazard_per_year(p, x) * years, R(growth_max)));
  const sim::mask_t<R> fails = (p.failures > 0.5) & (x.failure == R(failure_none)) & (draw.first < probability);
  if (!sim::any(fails)) return;
  x.failure = sim::select(fails, failure_kind(draw.second), x.failure);
  const R resistance = sim::select(x.failure == R(failure_dry_out), R(dry_out_resistance),
                                   sim::select(x.failure == R(failure_corrosion), R(corrosion_resistance), R(1.0)));
  x.r25_ohm = sim::min(x.r25_ohm * sim::select(fails, resistance, R(1.0)), R(resistance_max_ohm));
  const sim::mask_t<R> sulfated = fails & (x.failure == R(failure_sulfation));
  x.capacity_share *= sim::select(sulfated, R(sulfation_capacity), R(1.0));
}

}  // namespace battery_sensor
