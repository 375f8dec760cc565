/// One battery on the bench: the model with the defaults of its tables, without a host and without meter noise.
#pragma once

#include <plugins/battery_sensor/battery.hpp>

#include <cmath>

namespace battery_sensor::test {

/// A struct of numbers at the start values of its table.
template <class Struct, std::size_t N>
Struct at_start(const sim::Fields<Struct, N>& table) {
  Struct s{};
  for (const auto& field : table.list) s.*field.member = field.start;
  return s;
}

struct Bench {
  double dt_s;
  std::uint64_t seed = 0, lane = 0, ticks = 0;
  Param<double> p = at_start(parameters);
  In<double> u = at_start(inputs);
  State<double> x = at_start(states);
  Out<double> y = at_start(outputs);
  Work<double> k{};

  explicit Bench(double step_s = 1) : dt_s(step_s) {
    p.noise = 0;
    begin();
  }
  /// Call after a change of parameters.
  void tune() { prepare(dt_s, p, k); }
  /// Back to time 0 with the present inputs and parameters.
  void begin() {
    ticks = 0;
    x = at_start(states);
    y = at_start(outputs);
    reset(dt_s, u, p, x, y, sim::Random<double>(seed, lane, 0));
    tune();
  }
  void tick() {
    step(dt_s, u, p, k, x, y, sim::Random<double>(seed, lane, ticks), static_cast<double>(ticks));
    ++ticks;
  }
  void run(double seconds) {
    for (long n = std::lround(seconds / dt_s); n > 0; --n) tick();
  }
  /// Hours until what() holds, NAN if it does not within the limit.
  template <class F>
  double hours_until(F what, double limit_h) {
    const double end_s = limit_h * 3600;
    for (double t_s = 0; t_s < end_s; t_s += dt_s) {
      tick();
      if (what()) return (t_s + dt_s) / 3600;
    }
    return NAN;
  }
  /// What flows where the jar is in state x.
  Flow<double> flow_of(State<double>& at) const {
    const auto s = surroundings(u, p, at);
    return flow(s, u, p, k, drawable_share(s, p, at), at);
  }
  void draw(double load_a) {
    u.mains = 0;
    u.load_demand_a = load_a;
  }
  /// No wear: what a test asks is then the chemistry of a new jar.
  void make_ageless() {
    p.calendar_ageing = p.cycle_ageing = 0;
    tune();
  }
};

}  // namespace battery_sensor::test
