// What is wrong with settings: every fault with the place it came from, as the lines an operator reads.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <host/base/error.hpp>

namespace simhost::settings {

enum class OriginKind : std::uint8_t { fallback, file, environment, flag };

// Where a value came from. place: "config/simhost.json:3:12", "SIMHOST_HTTP_PORT", "--http-port", or "default".
struct Origin {
  OriginKind kind = OriginKind::fallback;
  std::string place = "default";
};

struct SettingFault {
  Origin origin;
  std::string key;  // "http.port", or empty when the file as a whole is meant
  std::string code;
  std::string text;
};

using SettingFaults = std::vector<SettingFault>;

// The exit status of a program whose settings are not valid (EX_CONFIG).
inline constexpr int exit_bad_settings = 78;

// One line each: "config/simhost.json:3:12: http.port: the value must be at least 0 and at most 65535".
std::string faults_text(const SettingFaults& faults);

// For requests that load a plugin: plugin_bad_settings with all faults.
Error settings_error(const SettingFaults& faults);

}  // namespace simhost::settings
