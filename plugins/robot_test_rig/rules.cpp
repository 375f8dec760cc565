/// The rules, in their order.
#include "rules.hpp"

#include <cmath>

namespace robot_test_rig {
namespace {

std::optional<Rule> rule_of_force(const Snapshot& shown, const Settings& limits) noexcept {
  const double force = shown[force_n];
  if (force > limits.force_high_n) return Rule::force_error;
  if (force > warning_share * limits.force_high_n) return Rule::force_warning;
  const bool has_two_before = shown[force_count] > 2;
  if (has_two_before && std::abs(force - shown[force_second_before_n]) > spike_n) return Rule::force_spike;
  return std::nullopt;
}

std::optional<Rule> rule_of(const Snapshot& shown, Sensor sensor, const Settings& limits) noexcept {
  if (sensor == Sensor::force) return rule_of_force(shown, limits);
  if (sensor == Sensor::motor) {
    if (std::abs(shown[motor_rpm]) > limits.motor_high_rpm) return Rule::motor_speed;
    return std::nullopt;
  }
  if (shown[camera_brightness] < dark) return Rule::camera_dark;
  if (shown[camera_brightness] > bright) return Rule::camera_bright;
  return std::nullopt;
}

}  // namespace

std::optional<Finding> judge(const Snapshot& shown, Sensor sensor, const Settings& limits) noexcept {
  const auto rule = rule_of(shown, sensor, limits);
  if (!rule) return std::nullopt;
  const Reading reading = reading_of(shown, sensor);
  return Finding{*rule,
                 sensor,
                 reading.at_s,
                 reading.value,
                 shown[force_before_n],
                 shown[force_second_before_n],
                 shown[camera_exposure]};
}

}  // namespace robot_test_rig
