/// The motors on offer: what their name plates say, and their efficiency by the model's own equations.
#pragma once

#include <span>
#include <string_view>
#include <vector>

namespace bldc_motor {

/// What makes one motor another; all else is the model's default.
struct MotorType {
  const char *id, *name, *description;
  double torque_constant, rated_current_a, rated_torque_nm;
};

std::span<const MotorType> motor_types() noexcept;  ///< the first is the default
const MotorType* find_motor(std::string_view id) noexcept;

/// A point of steady running within voltage and 3 kW; torque is that of the air gap, power that of the shaft.
struct EfficiencyPoint {
  double speed_rpm, torque_nm, efficiency, power_w;
};
/// On a grid of 20 speeds from standstill and 10 torques, cold.
std::vector<EfficiencyPoint> efficiency_points(const MotorType& motor);

}  // namespace bldc_motor
