/// What the rules of the rig say about a reading, written a second time: the host's results are held against it.
#pragma once

#include <plugins/robot_test_rig/rules.hpp>
#include <plugins/robot_test_rig/snapshot.hpp>

#include <cmath>
#include <optional>
#include <vector>

namespace robot_test_rig::test {

/// Sees the readings of a session in order, from the first on.
class Oracle {
 public:
  std::optional<Rule> judge(const Reading& reading) {
    if (reading.sensor == Sensor::motor) {
      if (std::abs(reading.value) > 55) return Rule::motor_speed;
      return std::nullopt;
    }
    if (reading.sensor == Sensor::camera) {
      if (reading.value < 30) return Rule::camera_dark;
      if (reading.value > 240) return Rule::camera_bright;
      return std::nullopt;
    }
    forces_.push_back(reading.value);
    const std::size_t n = forces_.size();
    if (reading.value > 80) return Rule::force_error;
    if (reading.value > 64) return Rule::force_warning;
    if (n > 2 && std::abs(reading.value - forces_[n - 3]) > 50) return Rule::force_spike;
    return std::nullopt;
  }

 private:
  std::vector<double> forces_;
};

}  // namespace robot_test_rig::test
