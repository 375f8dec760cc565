/// The settings of the plugin: those of the original's environment, and two for what its clients may want otherwise.
#pragma once

#include <sim/ext/config.h>
#include <sim/plugin.h>

#include <cstdint>
#include <string>

namespace bldc_motor {

/// load_torque_percent is a share of the rated torque, or of the highest one, as the original's code had it.
enum class LoadBase : std::uint8_t { rated, max };
/// What the first slot of a binary frame counts from.
enum class TimeSlot : std::uint8_t { session, epoch };

struct Settings {
  std::string environment = "development";
  bool debug = false;
  std::uint32_t sessions_max = 10;
  std::int64_t idle_ns_max = std::int64_t{30} * 60 * 1'000'000'000;
  double step_s = 0.001;
  std::int64_t send_period_ns = 10'000'000;
  std::uint32_t messages_per_s = 100;
  LoadBase load_base = LoadBase::rated;
  TimeSlot time_slot = TimeSlot::session;

  [[nodiscard]] double send_rate_hz() const noexcept { return 1e9 / static_cast<double>(send_period_ns); }
};

const sim_settings& settings_table() noexcept;

/// What the host was told, read once at init; an error says which setting is no choice.
sim_status read_settings(const sim_host& host, sim_error& error);
/// Set by read_settings, unchanging afterwards. [any]
const Settings& settings() noexcept;

}  // namespace bldc_motor
