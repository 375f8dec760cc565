/// What is noteworthy about a reading: the rules of the rig, which the host judges, and what their alerts say.
#pragma once

#include <sim/cpp/host.hpp>

#include <optional>
#include <string>
#include <vector>

#include "sensor.hpp"
#include "settings.hpp"

namespace robot_test_rig {

enum class Rule : unsigned char { force_error, force_warning, force_spike, motor_speed, camera_dark, camera_bright };

/// An alert of one of them, with what it shows of the reading.
struct Finding {
  std::string id, message;
  std::uint64_t tick = 0;
  Rule rule = Rule::force_error;
  double at_s = 0, actual = 0;
  double before = 0, second_before = 0;  ///< of a force
  double exposure = 0;                   ///< of an image
};

Sensor sensor_of(Rule rule) noexcept;

/// The bodies of POST /v1/rules.
std::vector<std::string> rule_bodies(const Settings& limits);
/// Gives them to the host, which keeps those that stand as they are. [io]
void put_rules(const sim_host* host);

/// Nothing where the alert is of no rule of the rig.
std::optional<Finding> finding_of(const sim::Value& alert);

}  // namespace robot_test_rig
