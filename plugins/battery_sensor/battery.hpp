/// The battery as the host sees it: its tables and its step.
#pragma once

#include <sim/cpp/plugin.hpp>

#include "model.hpp"
#include "parameters.hpp"
#include "signals.hpp"

namespace battery_sensor {

struct Battery {
  static constexpr auto id = "battery_sensor", version = "1.0.0", title = "VRLA battery with its sensor";
  static constexpr auto description =
      "A 12 V, 120 Ah lead-acid jar on a charger: charge, heat, wear by time and by cycles, thermal runaway, and the "
      "noisy readings of its sensor.";
  static constexpr std::uint32_t schema = 1;
  static constexpr std::int64_t step_default_ns = 1'000'000'000, step_min_ns = 100'000'000,
                                step_max_ns = 60'000'000'000;

  template <class R>
  using In = battery_sensor::In<R>;
  template <class R>
  using Out = battery_sensor::Out<R>;
  template <class R>
  using Param = battery_sensor::Param<R>;
  template <class R>
  using State = battery_sensor::State<R>;
  template <class R>
  using Work = battery_sensor::Work<R>;

  static constexpr auto& in = inputs;
  static constexpr auto& out = outputs;
  static constexpr auto& param = parameters;
  static constexpr auto& state = states;

  template <class R>
  SIM_INLINE static void prepare(double dt_s, const Param<R>& p, Work<R>& k) noexcept {
    battery_sensor::prepare(dt_s, p, k);
  }
  template <class R>
  SIM_INLINE static void reset(double dt_s, const In<R>& u, const Param<R>& p, State<R>& x, Out<R>& y,
                               const sim::Context<R>& context) noexcept {
    battery_sensor::reset(dt_s, u, p, x, y, context.random);
  }
  template <class R>
  SIM_INLINE static void step(double dt_s, const In<R>& u, const Param<R>& p, const Work<R>& k, State<R>& x, Out<R>& y,
                              const sim::Context<R>& context) noexcept {
    battery_sensor::step(dt_s, u, p, k, x, y, context.random, context.tick);
  }
};

}  // namespace battery_sensor
