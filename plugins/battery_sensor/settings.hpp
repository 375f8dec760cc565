/// The settings of the plugin: where its own listener stands, and how many simulations run at a time.
#pragma once

#include <sim/ext/config.h>
#include <sim/plugin.h>

#include <cstddef>

namespace battery_sensor {

struct Settings {
  std::size_t simulations_max = 100;
};

const sim_settings& settings_table() noexcept;

/// What the host was told, read once at init.
void read_settings(const sim_host& host);
/// Set by read_settings, unchanging afterwards. [any]
const Settings& settings() noexcept;

}  // namespace battery_sensor
