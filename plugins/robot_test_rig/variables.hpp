/// The numbers of the rig: rates, newest readings, and what its generators keep, for one lane or a pack of them.
#pragma once

namespace robot_test_rig {

/// Nothing comes from outside but commands.
template <class R>
struct In {};

template <class R>
struct Param {
  R force_hz, motor_hz, camera_hz;
};

/// The newest reading of each sensor; a count that rose says that it is new.
template <class R>
struct Out {
  R force_n, motor_rpm, camera_brightness, camera_exposure, camera_image_id;
  R force_count, motor_count, camera_count;
};

/// Per sensor: index of the reading due next, when the newest was due, readings still to be left out, and the queue of
/// injections, a digit of base 8 each, the next one lowest.
template <class R>
struct State {
  R force_next, motor_next, camera_next;
  R force_at_s, motor_at_s, camera_at_s;
  R force_before_n, force_second_before_n;
  R force_left_out, motor_left_out, camera_left_out;
  R force_queue, motor_queue, camera_queue;
};

/// What can be injected: digits of the queues.
enum Injection : unsigned { none = 0, spike = 1, overload = 2, overspeed = 3, low_light = 4, glare = 5, dropout = 6 };
inline constexpr unsigned queue_max = 10;
inline constexpr double queue_base = 8;

}  // namespace robot_test_rig
