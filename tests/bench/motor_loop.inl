// The loop itself, for one number type; included by the two files that are compiled with different flags.
#include <vector>

#include <plugins/bldc_motor/motor.hpp>
#include <tests/bench/motor_loops.hpp>

namespace simhost::bench {
namespace {

// The start values of a table, in the order of the members.
template <template <class> class Struct, class R, class Table>
Struct<R> at_start(const Table& table) {
  Struct<double> s{};
  for (const auto& field : table.list) s.*field.member = field.start;
  Struct<R> wide{};
  const auto* from = reinterpret_cast<const double*>(&s);
  auto* to = reinterpret_cast<R*>(&wide);
  for (std::size_t i = 0; i < sizeof(s) / sizeof(double); ++i) to[i] = R(from[i]);
  return wide;
}

template <class R>
struct Cell {
  bldc_motor::In<R> u = at_start<bldc_motor::In, R>(bldc_motor::inputs);
  bldc_motor::Param<R> p = at_start<bldc_motor::Param, R>(bldc_motor::parameters);
  bldc_motor::State<R> x = at_start<bldc_motor::State, R>(bldc_motor::states);
  bldc_motor::Out<R> y = at_start<bldc_motor::Out, R>(bldc_motor::outputs);
  bldc_motor::Work<R> k{};
  Cell() {
    u.speed_setpoint_rpm = R(2000.0);
    u.load_torque_n_m = R(5.0);
    bldc_motor::reset(u, p, x, y);
    bldc_motor::prepare(1e-3, p, k);
  }
};

template <class R, template <class> class Motion>
class Loop final : public MotorLoop {
 public:
  static constexpr std::size_t width = sizeof(R) / sizeof(double);
  explicit Loop(std::size_t lanes) : cells_((lanes + width - 1) / width) {}
  void tick() override {
    for (auto& c : cells_) bldc_motor::step<Motion>(1e-3, c.u, c.p, c.k, c.x, c.y);
  }
  [[nodiscard]] double speed_rpm(std::size_t lane) const override {
    return reinterpret_cast<const double*>(&cells_[lane / width].y.speed_rpm)[lane % width];
  }

 private:
  std::vector<Cell<R>> cells_;
};

template <class R>
std::unique_ptr<MotorLoop> make_loop(std::size_t lanes, Integrator integrator) {
  if (integrator == Integrator::exact) return std::make_unique<Loop<R, bldc_motor::Exact>>(lanes);
  return std::make_unique<Loop<R, bldc_motor::RungeKutta4>>(lanes);
}

}  // namespace
}  // namespace simhost::bench
