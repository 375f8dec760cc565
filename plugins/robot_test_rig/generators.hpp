/// The generators of the three sensors: what reading k shows, from seed, lane and k alone.
#pragma once

#include <sim/cpp/context.hpp>

#include "schedule.hpp"

namespace robot_test_rig {

/// Streams of random numbers; each reading has its own number in each.
enum Draw : std::uint32_t {
  force_noise = 0,
  contact_share = 1,
  contact_force = 2,
  motor_noise = 3,
  camera_noise = 4,
  injected = 5
};

template <class R>
SIM_INLINE R two_decimals(R x) noexcept {
  return sim::round(x * 100.0) / 100.0;
}
template <class R>
SIM_INLINE sim::mask_t<R> is(R injection, Injection kind) noexcept {
  return injection == R(static_cast<double>(kind));
}

/// N: a slow swing with noise; every 20th, at random, is a contact.
template <class R>
SIM_INLINE R force_value(const Due<R>& due, const sim::Random<R>& random) noexcept {
  constexpr double touch = 80.01;  // what is above the 80 N of the rule, in two decimals
  const R baseline = sim::max(10.0 + 3.0 * sim::sin(0.1 * due.time_s) + 2.0 * random.normal(force_noise), R(0.0));
  const R contact = sim::max(80.0 + 120.0 * random.uniform(contact_force), R(touch));
  const R draw = random.uniform(injected);
  R value = sim::select(random.uniform(contact_share) < 0.05, contact, baseline);
  value = sim::select(is(due.injection, spike), touch + (200.0 - touch) * draw, value);
  return two_decimals(sim::select(is(due.injection, overload), 64.5 + 15.0 * draw, value));
}

/// rpm: a sine of 0.5 Hz with noise.
template <class R>
SIM_INLINE R motor_value(const Due<R>& due, const sim::Random<R>& random) noexcept {
  const R sine = sim::sin(2 * sim::pi * sim::wrap(0.5 * due.time_s, R(1.0)));
  const R over = 56.0 + 24.0 * random.uniform(injected);
  const R value = sim::select(is(due.injection, overspeed), sim::select(sine < 0.0, -over, over),
                              50.0 * sine + random.normal(motor_noise));
  return two_decimals(value);
}

/// 0..255: light that swings slowly, with noise.
template <class R>
SIM_INLINE R brightness_value(const Due<R>& due, const sim::Random<R>& random) noexcept {
  const R light = 150.0 + 50.0 * sim::sin(0.05 * due.time_s) + 30.0 * random.normal(camera_noise);
  const R draw = random.uniform(injected);
  R value = sim::clamp(sim::trunc(light), R(50.0), R(255.0));
  value = sim::select(is(due.injection, low_light), 5.0 + sim::floor(21.0 * draw), value);
  return sim::select(is(due.injection, glare), 245.0 + sim::floor(11.0 * draw), value);
}

template <class R>
SIM_INLINE void read_force(const sim::Random<R>& random, const Due<R>& due, State<R>& x, Out<R>& y) noexcept {
  if (!sim::any(due.reads)) return;
  const R value = force_value(due, random.at(due.index));
  x.force_second_before_n = sim::select(due.reads, x.force_before_n, x.force_second_before_n);
  x.force_before_n = sim::select(due.reads, y.force_n, x.force_before_n);
  y.force_n = sim::select(due.reads, value, y.force_n);
}

template <class R>
SIM_INLINE void read_motor(const sim::Random<R>& random, const Due<R>& due, Out<R>& y) noexcept {
  if (!sim::any(due.reads)) return;
  y.motor_rpm = sim::select(due.reads, motor_value(due, random.at(due.index)), y.motor_rpm);
}

template <class R>
SIM_INLINE void read_camera(const sim::Random<R>& random, const Due<R>& due, Out<R>& y) noexcept {
  if (!sim::any(due.reads)) return;
  const R brightness = brightness_value(due, random.at(due.index));
  const R exposure = two_decimals(sim::clamp(1.0 - (brightness - 128.0) / 255.0, R(0.1), R(2.0)));
  y.camera_brightness = sim::select(due.reads, brightness, y.camera_brightness);
  y.camera_exposure = sim::select(due.reads, exposure, y.camera_exposure);
  y.camera_image_id = sim::select(due.reads, 1000.0 + sim::wrap(due.index + 1.0, R(9000.0)), y.camera_image_id);
}

/// Everything that falls due up to now_s.
template <class R>
SIM_INLINE void read_sensors(R now_s, const Param<R>& p, const sim::Random<R>& random, State<R>& x,
                             Out<R>& y) noexcept {
  const Channel<R> force{p.force_hz, x.force_next, x.force_at_s, x.force_left_out, x.force_queue, y.force_count};
  const Channel<R> motor{p.motor_hz, x.motor_next, x.motor_at_s, x.motor_left_out, x.motor_queue, y.motor_count};
  const Channel<R> camera{p.camera_hz, x.camera_next, x.camera_at_s, x.camera_left_out, x.camera_queue, y.camera_count};
  read_force(random, take_due(force, now_s), x, y);
  read_motor(random, take_due(motor, now_s), y);
  read_camera(random, take_due(camera, now_s), y);
}

}  // namespace robot_test_rig
