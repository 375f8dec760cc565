/// The motor: what one step does to one lane (or a pack of them), from set-points to shaft, heat and outputs.
#pragma once

#include "control.hpp"
#include "prepare.hpp"
#include "protection.hpp"

namespace bldc_motor {

/// What the outputs need to know of the last control period.
template <class R>
struct Trace {
  Applied<R> last;
  R reference, limit;
  sim::mask_t<R> saturated, current, duty;
};

/// More than the speed can change within a control period: no current exceeds |i| + (V + ke |w|) period/L.
template <class R>
SIM_INLINE R speed_change_bound(const In<R>& u, const Param<R>& p, const Work<R>& k, const State<R>& x) noexcept {
  const R speed = sim::abs(x.shaft_speed_rad_s);
  const R current =
      sim::abs(x.winding_current_a) + (p.dc_bus_voltage_v + p.ke_v_s_per_rad * speed) * (1.5 * k.period_per_l);
  const R torque = p.kt_n_m_per_a * current + sim::abs(u.load_torque_n_m) + p.friction_n_m_s_per_rad * speed;
  return torque * (1.5 * k.period_per_j);
}

template <template <class> class Motion, class R>
SIM_INLINE Trace<R> control_period(const Timing& timing, const In<R>& u, const Param<R>& p, const Work<R>& k,
                                   State<R>& x) noexcept {
  const R limit = current_limit(p, k, x);
  const R resistance = k.resistance_0_ohm + k.resistance_slope_ohm_per_k * x.winding_node_c;
  const Regime<R> regime(u, x);
  Control<R> control(u, p, k, regime);
  if (sim::any(regime.loops != x.loops)) control.enter(resistance, x);
  const Command<R> command = control.command(limit, timing.sub_step_s, x);

  const Motion<R> motion(Machine<R>(p, k, resistance));
  const Load<R> load(u.load_torque_n_m, motion.speed_per_torque());
  const Drive<R, Motion<R>> drive(motion, command, load, p.dc_bus_voltage_v, limit);
  Flow<R> flow{x.winding_current_a, x.shaft_speed_rad_s, control.start(), x.pid_integral_rpm_s, x.filtered_error_rpm};
  const sim::mask_t<R> plain =
      load.is_plain(flow.w, speed_change_bound(u, p, k, x)) & !(control.on_duty() | control.on_pid());
  const auto run = [&]() noexcept {
    if (sim::any(p.field_weakening > 0.5)) return drive.run_weakened(timing, Weakening<R>(p, limit), flow);
    if (sim::all(plain)) return drive.run_plain(timing, flow);
    return drive.run(timing, flow);
  };
  const Applied<R> last = run();

  x.winding_current_a = flow.i;
  x.shaft_speed_rad_s = flow.w;
  control.settle(flow, last, x);
  count_overload(p, k, flow.squares, timing.period_s, x);
  warm(p, k, resistance * flow.squares, x);
  return {last, control.reference(), limit, control.is_saturated(), control.on_current(), control.on_duty()};
}

/// Of the machine alone: shaft over electrical power when motoring, the other way round when regenerating.
template <class R>
SIM_INLINE R efficiency(R shaft_w, R electrical_w) noexcept {
  const sim::mask_t<R> counts = (sim::abs(shaft_w) >= 1.0) & (sim::abs(electrical_w) >= 1.0);
  const sim::mask_t<R> motoring = shaft_w > 0.0;
  const R out = sim::select(motoring, shaft_w, electrical_w), in = sim::select(motoring, electrical_w, shaft_w);
  return sim::select(counts, sim::clamp(out / sim::select(counts, in, R(1.0)), R(0.0), R(1.0)), R(0.0));
}

template <class R>
SIM_INLINE void publish_power(const Param<R>& p, const Work<R>& k, const Trace<R>& t, Out<R>& y) noexcept {
  const R i = y.current_a, w = y.speed_rpm * rad_s_per_rpm;
  const R resistance = k.resistance_0_ohm + k.resistance_slope_ohm_per_k * y.temperature_c;
  const R electrical = t.last.v * i + resistance * (t.last.field * t.last.field);
  y.power_w = (y.torque_n_m - p.friction_n_m_s_per_rad * w) * w;
  y.efficiency = efficiency(y.power_w, electrical);
  y.bus_power_w = electrical + (2.0 * p.switch_resistance_ohm * sim::abs(i) + k.switching_v) * sim::abs(i);
}

template <class R>
SIM_INLINE void publish(const In<R>& u, const Param<R>& p, const Work<R>& k, const State<R>& x, const Trace<R>& t,
                        Out<R>& y) noexcept {
  const R bus = p.dc_bus_voltage_v;
  y.speed_rpm = x.shaft_speed_rad_s * rpm_per_rad_s;
  y.current_a = x.winding_current_a;
  y.torque_n_m = p.kt_n_m_per_a * y.current_a;
  y.voltage_v = sim::clamp(t.last.v, -bus, bus);
  y.temperature_c = x.winding_node_c;
  y.housing_temperature_c = x.housing_node_c;
  publish_power(p, k, t, y);
  const R drop = 2.0 * p.switch_resistance_ohm * sim::abs(y.current_a);
  const R pwm = sim::min(R(1.0), (sim::abs(y.voltage_v) + k.dead_time_v + drop) / bus);
  y.fault =
      sim::select(x.emergency_stopped > 0.5, R(fault_emergency_stop), x.over_temperature * fault_over_temperature);
  y.duty_cycle = sim::select(y.fault > 0.5, R(0.0), sim::select(t.duty, u.manual_duty_cycle, pwm));
  y.current_reference_a = t.reference;
  y.current_error_a = sim::select(t.current, t.reference - y.current_a, R(0.0));
  y.control_input_v = t.last.wanted;
  y.controller_saturated = sim::select(t.saturated, R(1.0), R(0.0));
  y.current_limit_a = t.limit;
  y.direct_current_a = t.last.field * (-2 / 1.7320508075688772);
}

/// A fresh lane: everything at ambient temperature, the loops of its mode in, with nothing behind them.
template <class R>
SIM_INLINE void reset(const In<R>& u, const Param<R>& p, State<R>& x, Out<R>& y) noexcept {
  x.loops = Regime<R>(u, x).loops;
  x.filtered_error_rpm = sim::clamp(u.speed_setpoint_rpm, -p.max_speed_rpm, p.max_speed_rpm);
  x.winding_node_c = p.ambient_c;
  x.housing_node_c = p.ambient_c;
  y.temperature_c = p.ambient_c;
  y.housing_temperature_c = p.ambient_c;
  y.current_limit_a = p.peak_current_a;
}

template <template <class> class Motion, class R>
SIM_INLINE void step(double dt_s, const In<R>& u, const Param<R>& p, const Work<R>& k, State<R>& x,
                     Out<R>& y) noexcept {
  const Timing timing(dt_s);
  Trace<R> trace = control_period<Motion>(timing, u, p, k, x);
  for (int n = 1; n < timing.periods; ++n) trace = control_period<Motion>(timing, u, p, k, x);
  publish(u, p, k, x, trace, y);
}

}  // namespace bldc_motor
