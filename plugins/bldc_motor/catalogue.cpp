/// The motors, and their map of efficiency.
#include "catalogue.hpp"

#include <algorithm>

#include "wire_variables.hpp"

namespace bldc_motor {
namespace {

constexpr double rad_s_of_rpm = 3.14159265358979323846 / 30;
constexpr int speeds = 20, torques = 10;
constexpr double power_w_max = 3000;

constexpr MotorType list[] = {
    {"bldc_2kw_48v", "BLDC 2kW 48V Motor", "2kW BLDC motor with 48V supply, suitable for dynamometer testing",
     start_of(&P::kt_n_m_per_a), start_of(&P::rated_current_a), start_of(&P::rated_torque_n_m)},
    {"bldc_2kw_48v_3000rpm", "BLDC 2kW 48V 3000rpm Motor",
     "The same machine wound so that 48V carry its rated torque at the rated 3000 rpm", 0.1413, 45.05, 6.366},
};

}  // namespace

std::span<const MotorType> motor_types() noexcept { return list; }

const MotorType* find_motor(std::string_view id) noexcept {
  const auto* found =
      std::find_if(std::begin(list), std::end(list), [&](const MotorType& motor) { return motor.id == id; });
  return found == std::end(list) ? nullptr : found;
}

std::vector<EfficiencyPoint> efficiency_points(const MotorType& motor) {
  constexpr double resistance = start_of(&P::resistance_ohm), friction = start_of(&P::friction_n_m_s_per_rad);
  constexpr double rpm_max = start_of(&P::max_speed_rpm), torque_max = start_of(&P::max_torque_n_m);
  std::vector<EfficiencyPoint> points;
  for (int s = 0; s < speeds; ++s) {
    const double rpm = rpm_max * s / (speeds - 1), w = rpm * rad_s_of_rpm;
    for (int t = 1; t <= torques; ++t) {
      const double torque = torque_max * t / torques, current = torque / motor.torque_constant;
      const double voltage = motor.torque_constant * w + resistance * current;
      if (torque * w > power_w_max || voltage >= start_of(&P::dc_bus_voltage_v)) continue;
      const double shaft_w = (torque - friction * w) * w;
      points.push_back({rpm, torque, std::clamp(shaft_w / (voltage * current), 0.0, 1.0), shaft_w});
    }
  }
  return points;
}

}  // namespace bldc_motor
