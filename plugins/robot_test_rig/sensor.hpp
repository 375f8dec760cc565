/// The three sensors by name.
#pragma once

#include <cstddef>
#include <iterator>
#include <optional>
#include <string_view>

namespace robot_test_rig {

enum class Sensor : unsigned char { force, motor, camera };
inline constexpr const char* sensor_names[] = {"force", "motor", "camera"};
inline constexpr std::size_t sensors = std::size(sensor_names);
inline constexpr Sensor all_sensors[] = {Sensor::force, Sensor::motor, Sensor::camera};

constexpr const char* name_of(Sensor sensor) noexcept { return sensor_names[static_cast<std::size_t>(sensor)]; }

constexpr std::optional<Sensor> sensor_named(std::string_view name) noexcept {
  for (const Sensor sensor : all_sensors) {
    if (name == name_of(sensor)) return sensor;
  }
  return std::nullopt;
}

}  // namespace robot_test_rig
