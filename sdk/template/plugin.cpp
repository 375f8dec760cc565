/// The smallest plugin in C++: a battery as a voltage source behind a resistor.
#include <sim/cpp/plugin.hpp>

struct Battery {
  static constexpr auto id = "template_cpp", version = "1.0.0", title = "Battery";
  static constexpr auto description = "A voltage source that depends on the charge, behind a resistor.";
  static constexpr std::uint32_t schema = 1;

  // R is double for a lone lane, and a pack of four lanes where there are more.
  template <class R>
  struct In {
    R current;
  };
  template <class R>
  struct Out {
    R voltage;
  };
  template <class R>
  struct Param {
    R capacity, resistance;
  };
  template <class R>
  struct State {
    R charge;
  };
  template <class R>
  struct Work {
    R charge_per_ampere;
  };
  using I = In<double>;
  using O = Out<double>;
  using P = Param<double>;
  using S = State<double>;

  // Member, id (never reused), name, unit, min, max, start.
  static constexpr auto in = sim::fields<I>({{&I::current, 1, "current_a", "A", -500, 500, 0}});
  static constexpr auto out = sim::fields<O>({{&O::voltage, 2, "voltage_v", "V", -10, 10, 4}});
  static constexpr auto param = sim::fields<P>({{&P::capacity, 3, "capacity_ah", "A.h", 0.1, 1e4, 50},
                                                {&P::resistance, 4, "resistance_ohm", "Ohm", 0, 1, 2e-3}});
  static constexpr auto state =
      sim::fields<S>({sim::number(&S::charge, 5, "charge", "1", 0, 1, 1).titled("State of charge").displayed_in("%")});

  template <class R>
  static void prepare(double dt, const Param<R>& p, Work<R>& w) noexcept {  // when parameters change
    w.charge_per_ampere = dt / (3600 * p.capacity);
  }
  template <class R>
  static void step(double, const In<R>& u, const Param<R>& p, const Work<R>& w, State<R>& x, Out<R>& y) noexcept {
    x.charge = sim::clamp(x.charge - u.current * w.charge_per_ampere, 0.0, 1.0);
    y.voltage = 3.0 + x.charge * (1.2 - 0.4 * x.charge) - p.resistance * u.current;
  }
};
SIM_PLUGIN(Battery);
