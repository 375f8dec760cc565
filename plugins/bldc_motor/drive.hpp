/// The sub-steps of one control period: current loop, inverter limits, machine and load.
#pragma once

#include "brake.hpp"
#include "motion.hpp"
#include "timing.hpp"
#include "weakening.hpp"

namespace bldc_motor {

inline constexpr double rad_s_per_rpm = sim::pi / 30, rpm_per_rad_s = 30 / sim::pi;

/// The literal PID, in rpm and volts: V = kp e + ki clamp(integral of e dt) + kd de/dt, the last through a first-order
/// filter. It is meant in continuous time: sampled at the start of a sub-step, the seed's gains would oscillate without
/// end. So it is taken at the middle, e = r - (w + w')/2, which adds neither damping nor the lack of it.
template <class R>
struct Pid {
  sim::mask_t<R> on;
  R target_rad_s, kp, ki, kd_per_filter, integral_limit, bus_v, ke;
  R filter_gain;  ///< of one sub-step
  double sub_step_s;
};

/// What the inverter is told for one control period: v = integral + kp (reference - i) + emf w - drop |i|, at least
/// `floor_v`. An open loop is an integral that stands still. Where the PID is on, it says v.
template <class R>
struct Command {
  R reference_a, kp, ki_h, emf, drop_ohm, floor_v;
  Pid<R> pid;
};

/// What runs through the sub-steps.
template <class R>
struct Flow {
  R i, w, integral;
  R pid_integral_rpm_s, filtered_error_rpm;
  R squares = R(0.0);  ///< mean of i^2 and of the weakening current's square
};
/// What the last sub-step applied, asked for, and took to weaken the field.
template <class R>
struct Applied {
  R v, wanted, field;
};

/// The machine on its inverter for one control period. Voltage is lowered, or raised in a brake, as far as the current
/// limit needs; no limit can be kept beyond the bus.
template <class R, class Motion>
class Drive {
 public:
  /// Refers to the first three.
  SIM_INLINE Drive(const Motion& motion, const Command<R>& command, const Load<R>& load, R bus_v, R limit_a) noexcept
      : motion_(motion),
        command_(command),
        load_(load),
        asked_(command.kp * command.reference_a),
        bus_(bus_v),
        limit_v_(limit_a / motion.gain()) {}

  /// Where nothing but the current loop and the limits counts: the load is plain, no duty cycle, PID or weakening.
  SIM_INLINE Applied<R> run_plain(const Timing& timing, Flow<R>& f) const noexcept {
    const R torque = load_.plain_torque(f.w);
    return repeat(timing, f, [&]() noexcept {
      const R wanted = (f.integral + asked_ + command_.emf * f.w) - command_.kp * f.i;
      return Applied<R>{apply(wanted, torque, {bus_, limit_v_}, f), wanted, R(0.0)};
    });
  }

  SIM_INLINE Applied<R> run(const Timing& timing, Flow<R>& f) const noexcept {
    return repeat(timing, f, [&]() noexcept {
      const R wanted = wanted_voltage(f);
      return Applied<R>{apply(wanted, torque(wanted, bus_, f), {bus_, limit_v_}, f), wanted, R(0.0)};
    });
  }

  SIM_INLINE Applied<R> run_weakened(const Timing& timing, const Weakening<R>& weakening, Flow<R>& f) const noexcept {
    return repeat(timing, f, [&]() noexcept {
      const Envelope<R> limit = weakening.at(f.i, f.w);
      const R wanted = wanted_voltage(f);
      const R v = apply(wanted, torque(wanted, limit.volts, f), {limit.volts, limit.amperes / motion_.gain()}, f);
      const R field = weakening.field_current(limit, v);
      f.squares += field * field;
      return Applied<R>{v, wanted, field};
    });
  }

 private:
  struct Limits {
    R bus, current;  // volts; current as the voltage that brings it about
  };

  /// Only the last sub-step's result leaves: carried round the loop it would cost a register each.
  template <class SubStep>
  SIM_INLINE static Applied<R> repeat(const Timing& timing, Flow<R>& f, SubStep sub_step) noexcept {
    const R first = f.i * f.i;
    for (int n = 1; n < timing.sub_steps; ++n) {
      sub_step();
      f.squares += f.i * f.i;
    }
    const Applied<R> last = sub_step();
    f.squares = (f.squares + 0.5 * (first + f.i * f.i)) * timing.share;  // the trapezoidal mean
    return last;
  }

  SIM_INLINE R wanted_voltage(Flow<R>& f) const noexcept {
    const R asked = (f.integral + asked_ + command_.emf * f.w) - command_.kp * f.i;
    const R loop = sim::max(asked - command_.drop_ohm * sim::abs(f.i), command_.floor_v);
    return sim::any(command_.pid.on) ? sim::select(command_.pid.on, pid_voltage(f), loop) : loop;
  }
  /// Solves V = c - g (w + w'(V))/2 for V, w' being linear in it, and moves integral and filter on.
  SIM_INLINE R pid_voltage(Flow<R>& f) const noexcept {
    const Pid<R>& pid = command_.pid;
    const R none = R(0.0), idle = motion_.speed_without_load(f.i, f.w, none);
    const R per_volt = motion_.speed_without_load(none, none, R(1.0));
    const R load = load_.torque(f.w, [&]() noexcept { return idle + per_volt * (pid.ke * f.w); });
    const R unpowered = 0.5 * (f.w + idle - motion_.speed_per_torque() * load);
    const R gain = (pid.kp + pid.kd_per_filter) * rpm_per_rad_s;
    const R integral = sim::clamp(f.pid_integral_rpm_s, -pid.integral_limit, pid.integral_limit);
    const R rest = pid.ki * integral - pid.kd_per_filter * f.filtered_error_rpm;
    const R v = (gain * (pid.target_rad_s - unpowered) + rest) / (1.0 + gain * (0.5 * per_volt));
    const R held = sim::clamp(v, -pid.bus_v, pid.bus_v);
    const R error_rpm = (pid.target_rad_s - unpowered - 0.5 * per_volt * held) * rpm_per_rad_s;
    const R more = sim::clamp(integral + error_rpm * pid.sub_step_s, -pid.integral_limit, pid.integral_limit);
    const R nearer = f.filtered_error_rpm + pid.filter_gain * (error_rpm - f.filtered_error_rpm);
    f.pid_integral_rpm_s = sim::select(pid.on, more, f.pid_integral_rpm_s);
    f.filtered_error_rpm = sim::select(pid.on, nearer, f.filtered_error_rpm);
    return held;
  }
  SIM_INLINE R torque(R wanted, R bus, const Flow<R>& f) const noexcept {
    return load_.torque(f.w,
                        [&]() noexcept { return motion_.speed_without_load(f.i, f.w, sim::clamp(wanted, -bus, bus)); });
  }
  /// Moves current and speed by one sub-step; gives the voltage.
  SIM_INLINE R apply(R wanted, R torque, const Limits& limit, Flow<R>& f) const noexcept {
    const R push = motion_.push(f.i, f.w, torque);
    const R in_current = sim::min(sim::max(wanted, -limit.current - push), limit.current - push);
    const R v = sim::min(sim::max(in_current, -limit.bus), limit.bus);
    f.integral += sim::select(v == wanted, command_.ki_h * (command_.reference_a - f.i), R(0.0));
    motion_.advance(f.i, f.w, v, torque, push);
    return v;
  }

  const Motion& motion_;
  const Command<R>& command_;
  const Load<R>& load_;
  R asked_, bus_, limit_v_;
};

}  // namespace bldc_motor
