/// Declares the settings and reads them.
#include "settings.hpp"

#include <sim/cpp/host.hpp>
#include <sim/cpp/settings.hpp>

#include <iterator>

namespace battery_sensor {
namespace {

using sim::setting;
constexpr auto text = sim::text_setting;

// clang-format off
constexpr sim_setting list[] = {
    setting("host", "HOST", text, "127.0.0.1", 0, 0, "Address the batteries' own listener binds.",
            SIM_ROLE_LISTENER_HOST),
    setting("port", "PORT", SIM_INTEGER, "8003", 0, 65535,
            "Port of the batteries' own listener; 0 takes a free one.", SIM_ROLE_LISTENER_PORT),
    setting("allowed_origins", "ALLOWED_ORIGINS", text, "", 0, 0,
            "Web origins let in beside localhost, as a JSON array or a comma list.", SIM_ROLE_ORIGINS),
    setting("max_requests_per_minute", "MAX_REQUESTS_PER_MINUTE", SIM_INTEGER, "0", 0, 1e6,
            "Requests per minute and address on the batteries' own listener; 0 is no limit.",
            SIM_ROLE_REQUESTS_PER_MINUTE),
    setting("max_simulations", "MAX_SIMULATIONS", SIM_INTEGER, "100", 1, 10000,
            "Simulations at a time; one more is answered 429."),
};
// clang-format on
constexpr sim_settings table{sizeof(sim_settings), static_cast<std::uint32_t>(std::size(list)), list};

Settings current;

}  // namespace

const sim_settings& settings_table() noexcept { return table; }
const Settings& settings() noexcept { return current; }

void read_settings(const sim_host& host) {
  current.simulations_max = static_cast<std::size_t>(sim::Config(&host).number("max_simulations", 100));
}

}  // namespace battery_sensor
