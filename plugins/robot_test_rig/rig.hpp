/// The rig as the host sees it: its tables, its step and its commands.
#pragma once

#include <sim/cpp/plugin.hpp>

#include "generators.hpp"
#include "sensor.hpp"
#include "signals.hpp"

namespace robot_test_rig {

struct Rig {
  static constexpr auto id = "robot_test_rig", version = "1.0.0", title = "Robotic test rig";
  static constexpr auto description =
      "A force sensor, a motor sensor and a camera at rates of their own, exact in simulated time, with injections.";
  static constexpr std::uint32_t schema = 1;
  static constexpr std::int64_t step_default_ns = 10'000'000, step_min_ns = 1'000'000, step_max_ns = 10'000'000;

  template <class R>
  using In = robot_test_rig::In<R>;
  template <class R>
  using Out = robot_test_rig::Out<R>;
  template <class R>
  using Param = robot_test_rig::Param<R>;
  template <class R>
  using State = robot_test_rig::State<R>;

  static constexpr auto& out = outputs;
  static constexpr auto& param = parameters;
  static constexpr auto& state = states;

  /// The first readings are due at the start itself.
  template <class R>
  SIM_INLINE static void reset(double, const In<R>&, const Param<R>& p, State<R>& x, Out<R>& y,
                               const sim::Context<R>& context) noexcept {
    read_sensors(R(0.0), p, context.random, x, y);
  }
  template <class R>
  SIM_INLINE static void step(double dt_s, const In<R>&, const Param<R>& p, State<R>& x, Out<R>& y,
                              const sim::Context<R>& context) noexcept {
    read_sensors((context.tick + 1.0) * dt_s, p, context.random, x, y);
  }

  struct Whose {
    double sensor;
  };
  struct Waiting {
    double queued;
  };

  /// Into the next reading of a sensor; refused where ten wait.
  static sim_status inject(Sensor sensor, Injection injection, Waiting& waiting, sim::Lane<Rig>& lane) noexcept {
    double& queue = sensor == Sensor::force   ? lane.state.force_queue
                    : sensor == Sensor::motor ? lane.state.motor_queue
                                              : lane.state.camera_queue;
    const unsigned length = queue_length(queue);
    if (length >= queue_max) return SIM_BUSY;
    queue = queue_with(queue, injection);
    waiting.queued = length + 1;
    return SIM_OK;
  }
  static sim_status inject_spike(const Whose& whose, Waiting& waiting, sim::Lane<Rig>& lane) noexcept {
    constexpr Injection injections[] = {spike, overspeed, glare};
    const auto sensor = static_cast<unsigned>(whose.sensor);
    return inject(static_cast<Sensor>(sensor), injections[sensor], waiting, lane);
  }
  static sim_status inject_overload(Waiting& waiting, sim::Lane<Rig>& lane) noexcept {
    return inject(Sensor::force, overload, waiting, lane);
  }
  static sim_status inject_overspeed(Waiting& waiting, sim::Lane<Rig>& lane) noexcept {
    return inject(Sensor::motor, overspeed, waiting, lane);
  }
  static sim_status inject_low_light(Waiting& waiting, sim::Lane<Rig>& lane) noexcept {
    return inject(Sensor::camera, low_light, waiting, lane);
  }
  static sim_status inject_dropout(const Whose& whose, Waiting& waiting, sim::Lane<Rig>& lane) noexcept {
    return inject(static_cast<Sensor>(static_cast<unsigned>(whose.sensor)), dropout, waiting, lane);
  }

  static constexpr auto whose = sim::fields<Whose>({sim::choice(&Whose::sensor, 1, "sensor", sensor_names, 0)});
  static constexpr auto waiting = sim::fields<Waiting>(
      {sim::integer(&Waiting::queued, 1, "queued", "", 1, queue_max, 1).titled("Injections that wait now")});
  static constexpr auto commands = sim::commands(
      sim::command<&inject_spike>(1, "spike", whose, waiting)
          .titled("Inject a spike")
          .described("The next reading: force 80.01..200 N, motor beyond 55 rpm, camera brighter than 240."),
      sim::command<&inject_overload>(2, "overload", waiting)
          .titled("Inject an overload")
          .described("The next force: 64.5..79.5 N."),
      sim::command<&inject_overspeed>(3, "overspeed", waiting)
          .titled("Inject an overspeed")
          .described("The next motor reading: 56..80 rpm, with the sign of the sine."),
      sim::command<&inject_low_light>(4, "low_light", waiting)
          .titled("Inject low light")
          .described("The next image: brightness 5..25."),
      sim::command<&inject_dropout>(5, "dropout", whose, waiting)
          .titled("Inject a dropout")
          .described("Readings of one second, at least one, are left out."));
};

}  // namespace robot_test_rig
