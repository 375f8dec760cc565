/// What is noteworthy about a reading: the rules of the rig, the first that matches wins.
#pragma once

#include <optional>

#include "settings.hpp"
#include "snapshot.hpp"

namespace robot_test_rig {

enum class Rule : unsigned char { force_error, force_warning, force_spike, motor_speed, camera_dark, camera_bright };

/// A reading that a rule matched, with what the rule looked at.
struct Finding {
  Rule rule;
  Sensor sensor;
  double at_s, actual;
  double before, second_before;  ///< of a force
  double exposure;               ///< of an image
};

inline constexpr double warning_share = 0.8;  // of the limit of the force
inline constexpr double spike_n = 50;         // between a reading and the second before it
inline constexpr double dark = 30, bright = 240;

/// The newest reading of a sensor in a snapshot.
std::optional<Finding> judge(const Snapshot& shown, Sensor sensor, const Settings& limits) noexcept;

}  // namespace robot_test_rig
