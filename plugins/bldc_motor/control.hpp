/// The control modes and the outer loops: from set-points to what the inverter is told for one control period.
#pragma once

#include "drive.hpp"

namespace bldc_motor {

/// Which loops rule, and whether the duty cycle does. All loops are out while the bridge is open.
template <class R>
struct Regime {
  R loops;
  sim::mask_t<R> duty;

  SIM_INLINE Regime(const In<R>& u, const State<R>& x) noexcept {
    const sim::mask_t<R> open_bridge = (x.over_temperature > 0.5) | (x.emergency_stopped > 0.5);
    const sim::mask_t<R> open_loop = (u.control_mode == mode_manual) & (u.enable_pid < 0.5);
    const sim::mask_t<R> on_speed = (u.control_mode < mode_manual + 0.5) & (!open_loop);
    const sim::mask_t<R> voltage_pid = (u.control_mode == mode_voltage) & (u.manual_source == source_speed);
    const sim::mask_t<R> on_current = (u.control_mode == mode_current) | (u.control_mode == mode_torque);
    const R speed_loops = sim::select(u.use_cascaded_control > 0.5, R(loops_speed), R(loops_pid));
    const R others = sim::select(on_current, R(loops_current), sim::select(voltage_pid, R(loops_pid), R(loops_out)));
    loops = sim::select(open_bridge, R(loops_out), sim::select(on_speed, speed_loops, others));
    duty = (u.control_mode == mode_duty_cycle) | (open_loop & (u.manual_source == source_duty_cycle));
  }
};

/// The outer loops of one control period.
///
/// Speed loop, amperes from rad/s: kp (b r - w) + integral - kd dw/dt, the derivative through a first-order filter;
/// b < 1 keeps a set-point step from being asked for twice, by kp and by the integral.
template <class R>
class Control {
 public:
  SIM_INLINE Control(const In<R>& u, const Param<R>& p, const Work<R>& k, const Regime<R>& regime) noexcept
      : u_(u),
        p_(p),
        k_(k),
        speed_(regime.loops == loops_speed),
        pid_(regime.loops == loops_pid),
        current_(regime.loops > loops_pid + 0.5),
        duty_(regime.duty),
        loops_(regime.loops),
        target_(sim::clamp(u.speed_setpoint_rpm * rad_s_per_rpm, -k.max_speed_rad_s, k.max_speed_rad_s)) {}

  /// Loops that come in go on from the present speed and current, as though they had ruled before.
  SIM_INLINE void enter(R resistance, State<R>& x) const noexcept {
    const R i = x.winding_current_a, w = x.shaft_speed_rad_s, error_rpm = (target_ - w) * rpm_per_rad_s;
    const sim::mask_t<R> comes = loops_ != x.loops;
    const R holding_v = p_.ke_v_s_per_rad * w + resistance * i;
    const R integral = (holding_v - p_.kp * error_rpm) / sim::max(p_.ki, R(1e-9));
    x.pid_integral_rpm_s = sim::select(
        comes & pid_, sim::clamp(integral, -p_.integral_limit_rpm_s, p_.integral_limit_rpm_s), x.pid_integral_rpm_s);
    x.filtered_error_rpm = sim::select(comes & pid_, error_rpm, x.filtered_error_rpm);
    x.current_integral_v = sim::select(current_ & (x.loops < loops_pid + 0.5), resistance * i, x.current_integral_v);
    x.filtered_speed_rad_s = sim::select(comes & speed_, w, x.filtered_speed_rad_s);
    x.speed_integral_a = sim::select(comes & speed_, i - proportional(w), x.speed_integral_a);
    x.loops = loops_;
  }

  /// What the inverter is told, within |i| <= limit.
  SIM_INLINE Command<R> command(R limit, double sub_step_s, const State<R>& x) noexcept {
    error_ = target_ - x.shaft_speed_rad_s;
    asked_ = proportional(x.shaft_speed_rad_s) + x.speed_integral_a -
             k_.speed_kd_per_filter * (x.shaft_speed_rad_s - x.filtered_speed_rad_s);
    start_ = x.current_integral_v;
    if (!sim::all(speed_)) take_other_modes();
    const R off = R(0.0);
    reference_ = sim::select(current_, sim::clamp(asked_, -limit, limit), off);
    return {reference_,
            sim::select(current_, k_.current_kp, off),
            sim::select(current_, k_.current_ki_h, off),
            sim::select(current_, p_.ke_v_s_per_rad, off),
            sim::select(duty_, 2.0 * p_.switch_resistance_ohm, off),
            sim::select(duty_, off, R(-1e9)),
            {pid_, target_, p_.kp, p_.ki, p_.kd / p_.derivative_filter_s, p_.integral_limit_rpm_s, p_.dc_bus_voltage_v,
             p_.ke_v_s_per_rad, sub_step_s / (p_.derivative_filter_s + 0.5 * sub_step_s), sub_step_s}};
  }
  /// Where the integral of the command begins: of the current loop, or the voltage of an open loop.
  SIM_INLINE R start() const noexcept { return start_; }

  /// Integrals go on. That of the speed loop holds still where the current limit stands in its way; where the voltage
  /// does, it goes to what it would be if the present speed were the set-point.
  SIM_INLINE void settle(const Flow<R>& f, const Applied<R>& last, State<R>& x) noexcept {
    const sim::mask_t<R> voltage_limit = last.v != last.wanted;
    const sim::mask_t<R> held = ((asked_ - reference_) * error_) > 0.0;
    saturated_ = voltage_limit | (current_ & (asked_ != reference_));
    const R at_rest = f.i + k_.speed_kp * ((1.0 - p_.setpoint_weight) * f.w);
    const R drift = sim::select(voltage_limit, k_.filter_gain * (at_rest - x.speed_integral_a),
                                sim::select(held, R(0.0), k_.speed_ki_period * error_));
    x.current_integral_v = sim::select(current_, f.integral, x.current_integral_v);
    x.speed_integral_a += sim::select(speed_, drift, R(0.0));
    x.pid_integral_rpm_s = f.pid_integral_rpm_s;
    x.filtered_error_rpm = f.filtered_error_rpm;
    x.filtered_speed_rad_s += sim::select(speed_, k_.filter_gain * (f.w - x.filtered_speed_rad_s), R(0.0));
  }

  SIM_INLINE sim::mask_t<R> on_pid() const noexcept { return pid_; }
  SIM_INLINE sim::mask_t<R> on_duty() const noexcept { return duty_; }
  SIM_INLINE sim::mask_t<R> on_current() const noexcept { return current_; }
  SIM_INLINE sim::mask_t<R> is_saturated() const noexcept { return saturated_; }
  SIM_INLINE R reference() const noexcept { return reference_; }

 private:
  SIM_INLINE R proportional(R w) const noexcept { return k_.speed_kp * (p_.setpoint_weight * target_ - w); }

  SIM_INLINE void take_other_modes() noexcept {
    const R most = p_.max_torque_n_m / p_.kt_n_m_per_a;
    const R torque_a = sim::clamp(u_.target_torque_n_m / p_.kt_n_m_per_a, -most, most);
    asked_ = sim::select(speed_, asked_, sim::select(u_.control_mode == mode_torque, torque_a, u_.target_current_a));
    const R duty_v = p_.dc_bus_voltage_v * u_.manual_duty_cycle - k_.dead_time_v;
    start_ = sim::select(current_, start_, sim::select(duty_, duty_v, u_.manual_voltage_v));
  }

  const In<R>& u_;
  const Param<R>& p_;
  const Work<R>& k_;
  sim::mask_t<R> speed_, pid_, current_, duty_;
  R loops_, target_;
  R error_, asked_, start_, reference_;
  sim::mask_t<R> saturated_{false};
};

}  // namespace bldc_motor
