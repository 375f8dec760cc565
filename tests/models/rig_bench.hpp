/// One rig on the bench: the model at the start values of its tables, without a host.
#pragma once

#include <plugins/robot_test_rig/rig.hpp>
#include <tests/models/rig_oracle.hpp>

#include <cmath>
#include <vector>

namespace robot_test_rig::test {

template <class Struct, std::size_t N>
Struct at_start(const sim::Fields<Struct, N>& table) {
  Struct s{};
  for (const auto& field : table.list) s.*field.member = field.start;
  return s;
}

/// A lane of seed and step, and every reading it gives.
class Bench {
 public:
  Param<double> p = at_start(parameters);
  State<double> x = at_start(states);
  Out<double> y = at_start(outputs);

  explicit Bench(std::uint64_t seed = 0, double step_s = 0.01) : dt_s_(step_s), seed_(seed) {}

  /// To tick 0, where the first readings are.
  void begin() {
    Rig::reset<double>(dt_s_, {}, p, x, y, context());
    note();
  }
  void tick() {
    Rig::step<double>(dt_s_, {}, p, x, y, context());
    ++tick_;
    note();
  }
  void run_to(double time_s) {
    while (static_cast<double>(tick_) * dt_s_ < time_s - dt_s_ / 2) tick();
  }
  template <auto Command, class... Args>
  sim_status inject(Args... args) {
    const In<double> in;
    const sim::detail::NoWork work;
    const auto now = context();
    sim::Lane<Rig> lane{in, p, work, x, y, now};
    Rig::Waiting waiting{};
    return Command(args..., waiting, lane);
  }

  struct Seen {
    Reading reading;
    double tick_s;  ///< when it came
  };
  std::vector<Seen> seen;
  struct Found {
    Rule rule;
    double at_s, actual;
  };
  std::vector<Found> findings;

  [[nodiscard]] std::vector<Seen> of(Sensor sensor) const {
    std::vector<Seen> some;
    for (const Seen& one : seen)
      if (one.reading.sensor == sensor) some.push_back(one);
    return some;
  }
  [[nodiscard]] long count(Rule rule) const {
    long n = 0;
    for (const Found& finding : findings) n += finding.rule == rule;
    return n;
  }
  [[nodiscard]] double time_s() const { return static_cast<double>(tick_) * dt_s_; }

 private:
  [[nodiscard]] sim::Context<double> context() const {
    return {dt_s_, time_s(), static_cast<double>(tick_), 0, sim::Random<double>(seed_, 0, tick_)};
  }
  void note() {
    const Snapshot now = {y.force_n,         y.motor_rpm,   y.camera_brightness, y.camera_exposure,
                          y.camera_image_id, y.force_count, y.motor_count,       y.camera_count,
                          x.force_at_s,      x.motor_at_s,  x.camera_at_s};
    for (const Sensor sensor : Fresh(&before_, now)) {
      seen.push_back({reading_of(now, sensor), time_s()});
      const Reading& reading = seen.back().reading;
      if (const auto rule = oracle_.judge(reading)) findings.push_back({*rule, reading.at_s, reading.value});
    }
    before_ = now;
  }

  double dt_s_;
  std::uint64_t seed_, tick_ = 0;
  Snapshot before_{};
  Oracle oracle_;
};

}  // namespace robot_test_rig::test
