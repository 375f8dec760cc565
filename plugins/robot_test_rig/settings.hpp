/// The settings of the plugin: those of the original's environment, and the seed of the generators.
#pragma once

#include <sim/ext/config.h>
#include <sim/plugin.h>

#include <cstdint>
#include <string>

namespace robot_test_rig {

struct Settings {
  std::string title = "Robotic Testing System", version = "1.0.0";
  bool debug = false;
  double force_hz = 10, motor_hz = 5, camera_hz = 1;
  double force_high_n = 80, motor_high_rpm = 55;
  std::size_t readings_max = 10'000;
  std::uint64_t seed = 0;
};

const sim_settings& settings_table() noexcept;

/// What the host was told, read once at init.
void read_settings(const sim_host& host);
/// Set by read_settings, unchanging afterwards. [any]
const Settings& settings() noexcept;

}  // namespace robot_test_rig
