/// A model in the plain spelling, whose lane loop the compiler is to make vectors of.
#pragma once

#include <sim/cpp/plugin.hpp>

namespace probe {

struct Plain {
  static constexpr auto id = "probe_plain", version = "1.0.0", title = "Probe battery", description = "";
  static constexpr std::uint32_t schema = 1;
  struct In {
    double current;
  };
  struct Out {
    double voltage;
  };
  struct Param {
    double capacity, resistance;
  };
  struct State {
    double charge;
  };
  static constexpr auto in = sim::fields<In>({{&In::current, 1, "current_a", "A", -500, 500, 0}});
  static constexpr auto out = sim::fields<Out>({{&Out::voltage, 2, "voltage_v", "V", 0, 6, 0}});
  static constexpr auto param = sim::fields<Param>({{&Param::resistance, 4, "resistance_ohm", "Ohm", 0, 1, 2e-3},
                                                    {&Param::capacity, 3, "capacity_ah", "A.h", 0, 1e4, 50}});
  static constexpr auto state = sim::fields<State>({{&State::charge, 5, "charge", "1", 0, 1, 1}});

  static sim::Outcome<double> step(double dt, const In& u, const Param& p, State& x, Out& y) noexcept {
    x.charge = x.charge - u.current * dt / (3600 * p.capacity);
    y.voltage = 3.0 + x.charge * (1.2 - 0.4 * x.charge) - p.resistance * u.current;
    return sim::discard_where<double>(u.current > 400);
  }
};

}  // namespace probe
