/// Parameters, outputs and state of the rig as variables: id, name, unit, range, start and what they mean.
#pragma once

#include <sim/cpp/fields.hpp>

#include "variables.hpp"

namespace robot_test_rig {

using P = Param<double>;
using O = Out<double>;
using S = State<double>;

inline constexpr double rate_hz_min = 0.01, rate_hz_max = 100;
inline constexpr double readings_max = 0x1p52, queue_codes = 0x1p30;
inline constexpr double force_n_max = 1000, motor_rpm_max = 100;

/// Ids 1..9.
inline constexpr auto parameters =
    sim::fields<P>({sim::number(&P::force_hz, 1, "force_hz", "Hz", rate_hz_min, rate_hz_max, 10)
                        .titled("Rate of the force sensor")
                        .fixed(),
                    sim::number(&P::motor_hz, 2, "motor_hz", "Hz", rate_hz_min, rate_hz_max, 5)
                        .titled("Rate of the motor sensor")
                        .fixed(),
                    sim::number(&P::camera_hz, 3, "camera_hz", "Hz", rate_hz_min, rate_hz_max, 1)
                        .titled("Rate of the camera")
                        .fixed()});

/// Ids 11..29.
inline constexpr auto outputs = sim::fields<O>(
    {sim::number(&O::force_n, 11, "force_n", "N", 0, force_n_max, 0).titled("Force").discrete().grouped("force"),
     sim::number(&O::motor_rpm, 12, "motor_rpm", "rpm", -motor_rpm_max, motor_rpm_max, 0)
         .titled("Motor speed")
         .discrete()
         .grouped("motor"),
     sim::integer(&O::camera_brightness, 13, "camera_brightness", "", 0, 255, 0)
         .titled("Brightness of the image")
         .grouped("camera"),
     sim::number(&O::camera_exposure, 14, "camera_exposure", "", 0, 2, 0)
         .titled("Exposure of the image")
         .discrete()
         .grouped("camera"),
     sim::integer(&O::camera_image_id, 15, "camera_image_id", "", 0, 9999, 0)
         .titled("Id of the image")
         .described("From 1001 on; after 9999 comes 1000.")
         .grouped("camera"),
     sim::integer(&O::force_count, 16, "force_count", "", 0, readings_max, 0)
         .titled("Force readings so far")
         .grouped("force"),
     sim::integer(&O::motor_count, 17, "motor_count", "", 0, readings_max, 0)
         .titled("Motor readings so far")
         .grouped("motor"),
     sim::integer(&O::camera_count, 18, "camera_count", "", 0, readings_max, 0)
         .titled("Camera readings so far")
         .grouped("camera")});

/// Ids 31..49.
inline constexpr auto states = sim::fields<S>(
    {sim::integer(&S::force_next, 31, "force_next", "", 0, readings_max, 0)
         .titled("Index of the force reading due next"),
     sim::integer(&S::motor_next, 32, "motor_next", "", 0, readings_max, 0)
         .titled("Index of the motor reading due next"),
     sim::integer(&S::camera_next, 33, "camera_next", "", 0, readings_max, 0).titled("Index of the image due next"),
     sim::number(&S::force_at_s, 34, "force_at_s", "s", 0, sim::unbounded, 0).titled("When the newest force was due"),
     sim::number(&S::motor_at_s, 35, "motor_at_s", "s", 0, sim::unbounded, 0).titled("When the newest speed was due"),
     sim::number(&S::camera_at_s, 36, "camera_at_s", "s", 0, sim::unbounded, 0).titled("When the newest image was due"),
     sim::number(&S::force_before_n, 37, "force_before_n", "N", 0, force_n_max, 0).titled("Force reading before"),
     sim::number(&S::force_second_before_n, 38, "force_second_before_n", "N", 0, force_n_max, 0)
         .titled("Force reading before that"),
     sim::integer(&S::force_left_out, 39, "force_left_out", "", 0, rate_hz_max, 0)
         .titled("Force readings to leave out"),
     sim::integer(&S::motor_left_out, 40, "motor_left_out", "", 0, rate_hz_max, 0)
         .titled("Motor readings to leave out"),
     sim::integer(&S::camera_left_out, 41, "camera_left_out", "", 0, rate_hz_max, 0).titled("Images to leave out"),
     sim::integer(&S::force_queue, 42, "force_queue", "", 0, queue_codes, 0)
         .titled("Injections waiting for the force sensor")
         .described("Digits of base 8, the next one lowest: 1 spike, 2 overload, 6 dropout.")
         .hidden(),
     sim::integer(&S::motor_queue, 43, "motor_queue", "", 0, queue_codes, 0)
         .titled("Injections waiting for the motor sensor")
         .described("Digits of base 8, the next one lowest: 3 overspeed, 6 dropout.")
         .hidden(),
     sim::integer(&S::camera_queue, 44, "camera_queue", "", 0, queue_codes, 0)
         .titled("Injections waiting for the camera")
         .described("Digits of base 8, the next one lowest: 4 low light, 5 glare, 6 dropout.")
         .hidden()});

consteval const auto& row_of(double O::*member) { return sim::row_in(outputs, member); }
consteval const auto& row_of(double S::*member) { return sim::row_in(states, member); }

}  // namespace robot_test_rig
