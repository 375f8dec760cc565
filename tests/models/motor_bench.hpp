/// One motor on the bench: the model with the defaults of its tables, without a host.
#pragma once

#include <plugins/bldc_motor/motor.hpp>

#include <cmath>

namespace bldc_motor::test {

/// A struct of numbers at the start values of its table.
template <class Struct, std::size_t N>
Struct at_start(const sim::Fields<Struct, N>& table) {
  Struct s{};
  for (const auto& field : table.list) s.*field.member = field.start;
  return s;
}

template <template <class> class Motion = Exact>
struct Bench {
  double dt_s;
  Param<double> p = at_start(parameters);
  In<double> u = at_start(inputs);
  State<double> x = at_start(states);
  Out<double> y = at_start(outputs);
  Work<double> k{};

  explicit Bench(double step_s = 1e-3) : dt_s(step_s) { begin(); }

  /// Call after a change of parameters.
  void tune() { prepare(dt_s, p, k); }
  /// Back to time 0 with the present inputs and parameters.
  void begin() {
    x = at_start(states);
    y = at_start(outputs);
    reset(u, p, x, y);
    tune();
  }
  void tick() { step<Motion>(dt_s, u, p, k, x, y); }
  void run(double seconds) {
    for (long n = std::lround(seconds / dt_s); n > 0; --n) tick();
  }
  /// Resistance that does not depend on heat, and a current limit nothing reaches: the machine of the check values.
  void make_ideal() {
    p.temperature_coefficient_per_k = 0;
    p.peak_current_a = 2000;
    p.rated_current_a = 1000;
    begin();
  }
};

inline constexpr double rpm = sim::pi / 30;

}  // namespace bldc_motor::test
