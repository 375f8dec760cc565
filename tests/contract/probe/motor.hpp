/// A model with everything the skin offers, in the generic spelling: work, reset, noise, refusals, faults, commands.
#pragma once

#include <sim/cpp/plugin.hpp>

namespace probe {

struct Motor {
  static constexpr auto id = "probe_motor", version = "1.2.3", title = "Probe motor";
  static constexpr auto description = "A direct-current motor stepped by ten Runge-Kutta sub-steps.";
  static constexpr std::uint32_t schema = 2;
  static constexpr std::int64_t step_default_ns = 1'000'000, step_min_ns = 10'000, step_max_ns = 10'000'000;

  template <class R>
  struct In {
    R voltage, load, mode, brake;
  };
  template <class R>
  struct Out {
    R torque, power, temperature_limit;
  };
  template <class R>
  struct Param {
    R resistance, inductance, flux, inertia, friction, noise;
  };
  template <class R>
  struct State {
    R current, speed, angle, temperature;
  };
  template <class R>
  struct Work {
    R over_inductance, over_inertia, cooling;
  };
  using I = In<double>;
  using O = Out<double>;
  using P = Param<double>;
  using S = State<double>;

  static constexpr const char* modes[] = {"normal", "refuse", "fail", "not_a_number"};
  static constexpr auto in = sim::fields<I>({{&I::voltage, 1, "voltage_v", "V", -100, 100, 0},
                                             sim::choice(&I::mode, 3, "mode", modes, 0).titled("What a step does"),
                                             {&I::load, 2, "load_nm", "N.m", -1, 1, 0},
                                             sim::flag(&I::brake, 18, "brake", false)});
  static constexpr auto out = sim::fields<O>(
      {sim::number(&O::torque, 4, "torque_nm", "N.m", -10, 10, 0).displayed_in("mN.m").grouped("mechanics"),
       {&O::power, 5, "power_w", "W", sim::unbounded * -1, sim::unbounded, 0},
       sim::number(&O::temperature_limit, 6, "temperature_limit_c", "degC", 0, 200, 120).constant()});
  static constexpr auto param = sim::fields<P>({{&P::resistance, 7, "resistance_ohm", "Ohm", 1e-3, 100, 0.5},
                                                {&P::inductance, 8, "inductance_h", "H", 1e-6, 1, 1e-3},
                                                {&P::flux, 9, "flux_vs", "V.s/rad", 1e-4, 1, 0.05},
                                                {&P::inertia, 10, "inertia_kgm2", "kg.m2", 1e-7, 1, 1e-4},
                                                {&P::friction, 11, "friction_nms", "N.m.s/rad", 0, 1, 1e-5},
                                                sim::number(&P::noise, 12, "noise_v", "V", 0, 1, 0.01).fixed()});
  static constexpr auto state = sim::fields<S>(
      {{&S::current, 13, "current_a", "A", -1e4, 1e4, 0},
       sim::number(&S::speed, 14, "speed_rad_s", "rad/s", -1e4, 1e4, 0).displayed_in("rpm").nominally(300),
       {&S::angle, 15, "angle_rad", "rad", 0, 6.3, 0},
       {&S::temperature, 16, "temperature_c", "degC", -50, 300, 25}});

  template <class R>
  static void prepare(double dt, const Param<R>& p, Work<R>& w) noexcept {
    w.over_inductance = 1.0 / p.inductance;
    w.over_inertia = 1.0 / p.inertia;
    w.cooling = sim::exp(R(-dt / 20));
  }

  template <class R>
  static void reset(double, const In<R>&, const Param<R>& p, State<R>& x, Out<R>& y,
                    const sim::Context<R>& context) noexcept {
    x.angle = 2 * sim::pi * context.random.uniform(0);
    x.temperature = 25.0 + p.resistance;
    y.temperature_limit = 120.0;
  }

  template <class R>
  struct Slope {
    R current, speed;
  };
  template <class R>
  static Slope<R> slope(const Param<R>& p, const Work<R>& w, R voltage, R load, R current, R speed) noexcept {
    return {(voltage - p.resistance * current - p.flux * speed) * w.over_inductance,
            (p.flux * current - load - p.friction * speed) * w.over_inertia};
  }

  template <class R>
  static sim::Outcome<R> step(double dt, const In<R>& u, const Param<R>& p, const Work<R>& w, State<R>& x, Out<R>& y,
                              const sim::Context<R>& context) noexcept {
    constexpr int substeps = 10;
    const double h = dt / substeps;
    const R voltage = sim::select(u.brake > 0.5, 0.0, u.voltage + p.noise * context.random.normal(1));
    R i = x.current, s = x.speed;
    for (int k = 0; k < substeps; ++k) {
      const auto a = slope(p, w, voltage, u.load, i, s);
      const auto b = slope(p, w, voltage, u.load, i + 0.5 * h * a.current, s + 0.5 * h * a.speed);
      const auto c = slope(p, w, voltage, u.load, i + 0.5 * h * b.current, s + 0.5 * h * b.speed);
      const auto d = slope(p, w, voltage, u.load, i + h * c.current, s + h * c.speed);
      i += h / 6 * (a.current + 2 * b.current + 2 * c.current + d.current);
      s += h / 6 * (a.speed + 2 * b.speed + 2 * c.speed + d.speed);
    }
    x.current = i;
    x.speed = s;
    x.angle = sim::wrap(x.angle + s * dt, 2 * sim::pi);
    x.temperature = 25.0 + (x.temperature - 25.0) * w.cooling + p.resistance * i * i * dt / 100.0;
    y.torque = p.flux * i * (1.0 + 0.01 * sim::sin(6.0 * x.angle));
    y.power = sim::select(u.mode == 3.0, (i - i) / (i - i), voltage * i);
    return {u.mode == 1.0, u.mode == 2.0};
  }

  struct SpinArgs {
    double speed, times;
  };
  struct SpinResults {
    double before;
  };
  static sim_status spin(const SpinArgs& args, SpinResults& results, sim::Lane<Motor>& lane) noexcept {
    if (args.times == 0) return SIM_DISCARD;
    results.before = lane.state.speed;
    lane.state.speed += args.times * args.speed;
    lane.out.torque = lane.param.flux * lane.state.current;
    return SIM_OK;
  }
  static sim_status spoil(sim::Lane<Motor>& lane) noexcept {
    lane.state.current = 1;
    lane.state.speed = lane.work.cooling / 0.0;
    return SIM_OK;
  }
  static sim_status where(sim::Lane<Motor>& lane) noexcept {
    lane.state.temperature = lane.context.time_s + lane.context.lane;
    return SIM_OK;
  }
  static constexpr auto commands =
      sim::commands(sim::command<&Motor::spin>(
                        1, "spin",
                        sim::fields<SpinArgs>({sim::integer(&SpinArgs::times, 2, "times", "", 0, 3, 1),
                                               {&SpinArgs::speed, 1, "speed_rpm", "rpm", -1e3, 1e3, 0}}),
                        sim::fields<SpinResults>({{&SpinResults::before, 1, "before_rpm", "rpm", -1e4, 1e4, 0}}))
                        .titled("Spin the shaft")
                        .hazardous()
                        .legal_in(SIM_STATE_RUNNING),
                    sim::command<&Motor::spoil>(2, "spoil").idempotent(), sim::command<&Motor::where>(3, "where"));
};

}  // namespace probe
