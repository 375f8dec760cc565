/// The load on the shaft: a torque T tanh(w / 1 rad/s) that opposes motion, or drives it on where T is negative.
#pragma once

#include <sim/cpp/math.hpp>

namespace bldc_motor {

/// A load held at T over the sub-steps of one control period.
///
/// Far from standstill tanh is 1 to the last bit, so the torque is T against the speed. Near it the law is stiff (T/J
/// per second, more than a sub-step resolves), so the torque counts in part as it is at the end of the sub-step:
///   w' = w0 - x ((1 - q) tanh w + q tanh w'),  x = T h/J, w0 the speed without load, tanh w' linearised at w;
/// q = 1/2 is of second order, q = 1 - 1/x where x > 2 never rings, and w' = w holds just where the torques balance.
/// A brake stops at most: w' keeps between 0 and w0.
template <class R>
class Load {
 public:
  SIM_INLINE Load(R torque_n_m, R speed_per_torque) noexcept
      : torque_(torque_n_m), speed_per_torque_(speed_per_torque), x_(torque_n_m * speed_per_torque) {
    near_ = sim::select(torque_ == 0.0, R(0.0), 20.0 + sim::abs(x_));
  }

  /// Whether the law is plain as long as the speed changes by no more than `change`.
  SIM_INLINE sim::mask_t<R> is_plain(R w, R change) const noexcept {
    const sim::mask_t<R> far = sim::abs(w) > near_ + change;
    return far | (torque_ == 0.0);
  }
  SIM_INLINE R plain_torque(R w) const noexcept { return sim::select(w < 0.0, -torque_, torque_); }

  /// Mean torque over a sub-step that begins at speed w and would without load end at free().
  template <class Free>
  SIM_INLINE R torque(R w, Free free) const noexcept {
    const R far = plain_torque(w);
    const sim::mask_t<R> near = sim::abs(w) < near_;
    if (!sim::any(near)) return far;
    const R end = free();
    const sim::mask_t<R> moves = (w != 0.0) | (end != 0.0);
    if (!sim::any(near & moves)) return sim::select(near, R(0.0), far);
    return sim::select(near, torque_near(w, end), far);
  }

 private:
  SIM_INLINE R torque_near(R w, R free) const noexcept {
    const R implicit = sim::select(x_ > 2.0, 1.0 - 1.0 / sim::max(x_, R(2.0)), sim::select(x_ < -1.0, R(0.0), R(0.5)));
    const R t = sim::tanh(w);
    const R y = implicit * x_ * (1.0 - t * t);
    const R end = (free - x_ * t + y * w) / (1.0 + y);
    const sim::mask_t<R> drives = x_ < 0.0;
    const R reach = sim::abs(x_);
    const R low = sim::max(free - reach, sim::select(drives, free - reach, sim::min(free, R(0.0))));
    const R high = sim::min(free + reach, sim::select(drives, free + reach, sim::max(free, R(0.0))));
    return (free - sim::clamp(end, low, high)) / speed_per_torque_;
  }

  R torque_, speed_per_torque_, x_, near_;
};

}  // namespace bldc_motor
