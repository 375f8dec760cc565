// The scalar loop: -O2 without vectorisation.
#include <vector>

#include <plugins/battery_sensor/battery.hpp>
#include <tests/bench/battery_loop.hpp>

namespace simhost::bench {
namespace {

namespace bs = battery_sensor;

template <class Struct, std::size_t N>
Struct at_start(const sim::Fields<Struct, N>& table) {
  Struct s{};
  for (const auto& field : table.list) s.*field.member = field.start;
  return s;
}

struct Jar {
  bs::In<double> u = at_start(bs::inputs);
  bs::Param<double> p = at_start(bs::parameters);
  bs::State<double> x = at_start(bs::states);
  bs::Out<double> y = at_start(bs::outputs);
  bs::Work<double> k{};
};

class Loop final : public BatteryLoop {
 public:
  explicit Loop(std::size_t lanes) : jars_(lanes) {
    for (std::size_t lane = 0; lane < lanes; ++lane) {
      Jar& jar = jars_[lane];
      bs::reset(1, jar.u, jar.p, jar.x, jar.y, sim::Random<double>(0, lane, 0));
      bs::prepare(1, jar.p, jar.k);
    }
  }
  void tick() override {
    for (std::size_t lane = 0; lane < jars_.size(); ++lane) {
      Jar& jar = jars_[lane];
      const sim::Random<double> random(0, lane, tick_);
      bs::step(1, jar.u, jar.p, jar.k, jar.x, jar.y, random, static_cast<double>(tick_));
    }
    ++tick_;
  }
  [[nodiscard]] double voltage_v(std::size_t lane) const override { return jars_[lane].y.voltage_v; }

 private:
  std::vector<Jar> jars_;
  std::uint64_t tick_ = 0;
};

}  // namespace

std::unique_ptr<BatteryLoop> battery_loop(std::size_t lanes) { return std::make_unique<Loop>(lanes); }

}  // namespace simhost::bench
