/// Declares the settings and reads them.
#include "settings.hpp"

#include <sim/cpp/entry.hpp>
#include <sim/cpp/host.hpp>
#include <sim/cpp/settings.hpp>

#include <algorithm>
#include <cmath>
#include <iterator>

namespace bldc_motor {
namespace {

using sim::setting;
constexpr auto text = sim::text_setting;

// clang-format off
constexpr sim_setting list[] = {
    setting("host", "HOST", text, "127.0.0.1", 0, 0, "Address the motor's own listener binds.", SIM_ROLE_LISTENER_HOST),
    setting("port", "PORT", SIM_INTEGER, "8000", 0, 65535,
            "Port of the motor's own listener; 0 takes a free one.", SIM_ROLE_LISTENER_PORT),
    setting("environment", "ENVIRONMENT", text, "development", 0, 0, "Shown by /health."),
    setting("debug", "DEBUG", SIM_BOOLEAN, "false", 0, 0, "Logs every session that starts, stops and expires."),
    setting("allowed_origins", "ALLOWED_ORIGINS", text, R"(["http://localhost:3000", "http://localhost:3001"])", 0, 0,
            "Web origins let in beside localhost, as a JSON array or a comma list.", SIM_ROLE_ORIGINS),
    setting("max_concurrent_sessions", "MAX_CONCURRENT_SESSIONS", SIM_INTEGER, "10", 1, 10000,
            "Sessions at a time; one more is answered 429."),
    setting("session_timeout_minutes", "SESSION_TIMEOUT_MINUTES", SIM_REAL, "30", 0.01, 1e6,
            "A session without a request and without a socket ends after this."),
    setting("default_timestep_ms", "DEFAULT_TIMESTEP_MS", SIM_REAL, "1.0", 0.1, 10, "Step of new sessions."),
    setting("max_simulation_rate_hz", "MAX_SIMULATION_RATE_HZ", SIM_REAL, "1000", 100, 10000,
            "Steps per second a session makes at most; lengthens the step where needed."),
    setting("websocket_send_rate_hz", "WEBSOCKET_SEND_RATE_HZ", SIM_REAL, "100", 1, 1000,
            "Messages of simulation data per second of simulated time."),
    setting("max_requests_per_minute", "MAX_REQUESTS_PER_MINUTE", SIM_INTEGER, "0", 0, 1e6,
            "Requests per minute and address on the motor's own listener; 0 is no limit.",
            SIM_ROLE_REQUESTS_PER_MINUTE),
    setting("max_websocket_messages_per_second", "MAX_WEBSOCKET_MESSAGES_PER_SECOND", SIM_INTEGER, "100", 0, 1e6,
            "Messages the sockets of a session may send per second; 0 is no limit."),
    setting("load_torque_base", "LOAD_TORQUE_BASE", text, "rated", 0, 0,
            "What load_torque_percent is a share of: rated (torque) or max (15 Nm, as the original's code had it)."),
    setting("binary_timestamp", "BINARY_TIMESTAMP", text, "session", 0, 0,
            "First slot of binary data frames: seconds since session start, or of the epoch (known to 128 s only)."),
};
// clang-format on
constexpr sim_settings table{sizeof(sim_settings), static_cast<std::uint32_t>(std::size(list)), list};

Settings current;

/// One of two words; the second is `other`.
template <class E>
bool choose(const sim::Config& config, const char* key, std::string_view first, E one, std::string_view second, E other,
            E& to) {
  const std::string_view word = config.text(key, first);
  to = word == second ? other : one;
  return word == first || word == second;
}

}  // namespace

const sim_settings& settings_table() noexcept { return table; }
const Settings& settings() noexcept { return current; }

sim_status read_settings(const sim_host& host, sim_error& error) {
  const sim::Config config(&host);
  Settings read;
  read.environment = config.text("environment", read.environment);
  read.debug = config.boolean("debug");
  read.sessions_max = static_cast<std::uint32_t>(config.number("max_concurrent_sessions", 10));
  read.idle_ns_max = std::llround(config.number("session_timeout_minutes", 30) * 60e9);
  const double shortest_ms = 1000 / config.number("max_simulation_rate_hz", 1000);
  const double step_ms = std::max(config.number("default_timestep_ms", 1), shortest_ms);
  read.step_s = std::round(step_ms * 1e6) / 1e9;
  read.send_period_ns = std::llround(1e9 / config.number("websocket_send_rate_hz", 100));
  read.messages_per_s = static_cast<std::uint32_t>(config.number("max_websocket_messages_per_second", 100));
  if (!choose(config, "load_torque_base", "rated", LoadBase::rated, "max", LoadBase::max, read.load_base))
    return sim::set_error(&error, SIM_INVALID_ARG, "plugin_bad_settings", "load_torque_base is either rated or max");
  if (!choose(config, "binary_timestamp", "session", TimeSlot::session, "epoch", TimeSlot::epoch, read.time_slot))
    return sim::set_error(&error, SIM_INVALID_ARG, "plugin_bad_settings",
                          "binary_timestamp is either session or epoch");
  current = std::move(read);
  return SIM_OK;
}

}  // namespace bldc_motor
