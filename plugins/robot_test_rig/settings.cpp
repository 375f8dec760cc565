/// Declares the settings and reads them.
#include "settings.hpp"

#include <sim/cpp/host.hpp>
#include <sim/cpp/settings.hpp>

#include <iterator>

namespace robot_test_rig {
namespace {

using sim::setting;
constexpr auto text = sim::text_setting;

// clang-format off
constexpr sim_setting list[] = {
    setting("host", "HOST", text, "127.0.0.1", 0, 0, "Address the rig's own listener binds.", SIM_ROLE_LISTENER_HOST),
    setting("port", "PORT", SIM_INTEGER, "8001", 0, 65535, "Port of the rig's own listener; 0 takes a free one.",
            SIM_ROLE_LISTENER_PORT),
    setting("allowed_origins", "ALLOWED_ORIGINS", text, R"(["http://localhost:3000", "http://localhost:5173"])", 0, 0,
            "Web origins let in beside localhost, as a JSON array or a comma list.", SIM_ROLE_ORIGINS),
    setting("project_name", "PROJECT_NAME", text, "Robotic Testing System", 0, 0, "Shown at /."),
    setting("version", "VERSION", text, "1.0.0", 0, 0, "Shown at /."),
    setting("debug", "DEBUG", SIM_BOOLEAN, "false", 0, 0, "Logs every recording session that starts and stops."),
    setting("force_sensor_hz", "FORCE_SENSOR_HZ", SIM_REAL, "10", 0.01, 100,
            "Force readings per second, of a new session."),
    setting("motor_sensor_hz", "MOTOR_SENSOR_HZ", SIM_REAL, "5", 0.01, 100,
            "Motor readings per second, of new sessions."),
    setting("camera_sensor_hz", "CAMERA_SENSOR_HZ", SIM_REAL, "1", 0.01, 100,
            "Images per second, of new sessions."),
    setting("force_threshold_high", "FORCE_THRESHOLD_HIGH", SIM_REAL, "80", 0, 1000,
            "N: a force above is an error, above 80 % of it a warning."),
    setting("motor_threshold", "MOTOR_THRESHOLD", SIM_REAL, "55", 0, 1000,
            "rpm: a speed beyond, either way, is a warning."),
    setting("max_data_points", "MAX_DATA_POINTS", SIM_INTEGER, "10000", 100, 1e6,
            "Newest readings that /sensors/readings looks through; aggregation and CSV see all."),
    setting("data_export_path", "DATA_EXPORT_PATH", text, "./data/exports/", 0, 0,
            "Taken for the original's environment and not used: an export is streamed and never lies on the disk."),
    setting("seed", "ROBOT_SEED", SIM_INTEGER, "0", 0, 9007199254740991.0, "Seed of the generators of new sessions."),
};
// clang-format on
constexpr sim_settings table{sizeof(sim_settings), static_cast<std::uint32_t>(std::size(list)), list};

Settings current;

}  // namespace

const sim_settings& settings_table() noexcept { return table; }
const Settings& settings() noexcept { return current; }

void read_settings(const sim_host& host) {
  const sim::Config config(&host);
  Settings read;
  read.title = config.text("project_name", read.title);
  read.version = config.text("version", read.version);
  read.debug = config.boolean("debug");
  read.force_hz = config.number("force_sensor_hz", read.force_hz);
  read.motor_hz = config.number("motor_sensor_hz", read.motor_hz);
  read.camera_hz = config.number("camera_sensor_hz", read.camera_hz);
  read.force_high_n = config.number("force_threshold_high", read.force_high_n);
  read.motor_high_rpm = config.number("motor_threshold", read.motor_high_rpm);
  read.readings_max = static_cast<std::size_t>(config.number("max_data_points", 10'000));
  read.seed = static_cast<std::uint64_t>(config.number("seed"));
  current = std::move(read);
}

}  // namespace robot_test_rig
