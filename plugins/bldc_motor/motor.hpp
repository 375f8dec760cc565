/// The motor as the host sees it: its tables, its step and its commands.
#pragma once

#include <sim/cpp/plugin.hpp>

#include "model.hpp"
#include "parameters.hpp"
#include "signals.hpp"

namespace bldc_motor {

struct Motor {
  static constexpr auto id = "bldc_motor", version = "1.0.0", title = "BLDC motor on a test bench";
  static constexpr auto description =
      "A 2 kW, 48 V brushless machine with inverter, cascade or PID control, heat, limits and a brake as load.";
  static constexpr std::uint32_t schema = 1;
  static constexpr std::int64_t step_default_ns = 1'000'000, step_min_ns = 100'000, step_max_ns = 10'000'000;

  template <class R>
  using In = bldc_motor::In<R>;
  template <class R>
  using Out = bldc_motor::Out<R>;
  template <class R>
  using Param = bldc_motor::Param<R>;
  template <class R>
  using State = bldc_motor::State<R>;
  template <class R>
  using Work = bldc_motor::Work<R>;

  static constexpr auto& in = inputs;
  static constexpr auto& out = outputs;
  static constexpr auto& param = parameters;
  static constexpr auto& state = states;

  template <class R>
  SIM_INLINE static void prepare(double dt_s, const Param<R>& p, Work<R>& k) noexcept {
    bldc_motor::prepare(dt_s, p, k);
  }
  template <class R>
  SIM_INLINE static void reset(double, const In<R>& u, const Param<R>& p, State<R>& x, Out<R>& y) noexcept {
    bldc_motor::reset(u, p, x, y);
  }
  template <class R>
  SIM_INLINE static void step(double dt_s, const In<R>& u, const Param<R>& p, const Work<R>& k, State<R>& x,
                              Out<R>& y) noexcept {
    bldc_motor::step<Exact>(dt_s, u, p, k, x, y);
  }

  /// Opens the bridge at once; the machine coasts until the stop is released.
  static sim_status stop(sim::Lane<Motor>& lane) noexcept {
    lane.state.emergency_stopped = 1;
    lane.out.fault = fault_emergency_stop;
    return SIM_OK;
  }
  static sim_status release(sim::Lane<Motor>& lane) noexcept {
    lane.state.emergency_stopped = 0;
    lane.out.fault = lane.state.over_temperature > 0.5 ? fault_over_temperature : fault_none;
    return SIM_OK;
  }
  static constexpr auto commands = sim::commands(
      sim::command<&stop>(1, "emergency_stop").titled("Emergency stop").described("Opens the bridge.").idempotent(),
      sim::command<&release>(2, "release_emergency_stop")
          .titled("Release the emergency stop")
          .described("Control goes on from the present speed.")
          .idempotent());
};

}  // namespace bldc_motor
