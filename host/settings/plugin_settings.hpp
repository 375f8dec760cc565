// The settings plugins declare, filled from flags, environment and file by the rules for their names.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include <host/base/value.hpp>
#include <host/settings/faults.hpp>
#include <host/settings/load.hpp>

namespace simhost::settings {

enum class DeclaredType : std::uint8_t { text, real, integer, boolean };

// What the host does with a setting itself; the numbers are those of sim/ext/config.h.
enum class SettingRole : std::uint8_t {
  none = 0,
  listener_host = 1,
  listener_port = 2,
  origins = 3,
  requests_per_minute = 4
};

// One setting of a plugin, free of the C ABI.
struct DeclaredSetting {
  std::string key;
  std::string environment{};  // "PORT"; empty: none
  DeclaredType type = DeclaredType::text;
  SettingRole role = SettingRole::none;
  double min = 0, max = 0;  // min >= max: no range
  std::string fallback{};   // as text
  std::string description{};
};

struct PluginDeclaration {
  std::string plugin;
  std::vector<DeclaredSetting> settings;
};

struct ResolvedSetting {
  std::string key;
  SettingRole role = SettingRole::none;
  Value value;  // text, number, integer or boolean, as declared
  Origin origin;
};

struct ResolvedPlugin {
  std::vector<ResolvedSetting> settings;  // in the order declared, every one of them

  [[nodiscard]] const Value* find(std::string_view key) const noexcept;
  [[nodiscard]] const Value* find(SettingRole role) const noexcept;
};

// "BLDC_MOTOR_PORT" for plugin bldc_motor and name PORT.
std::string plugin_variable(std::string_view plugin, std::string_view name);

// Flags win over <PLUGIN>_<NAME>, that over the bare <NAME> (only where no other of the enabled plugins declares it),
// that over the file, that over the fallback. All faults at once. enabled: every plugin in use, with or without this
// one.
tl::expected<ResolvedPlugin, SettingFaults> resolve_plugin(const PluginInput& input, const PluginDeclaration& plugin,
                                                           std::span<const PluginDeclaration> enabled);

// What an operator should know: bare names that are set but belong to several plugins, and values for plugins that are
// not there.
std::vector<std::string> plugin_warnings(const PluginInput& input, std::span<const PluginDeclaration> enabled);

// The items of an origins setting: a JSON array or a comma list.
std::vector<std::string> origins_of(std::string_view text);

}  // namespace simhost::settings
