// From file, environment and flags to validated settings: flags win over the environment, that over the file.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <tl/expected.hpp>

#include <host/base/value.hpp>
#include <host/settings/faults.hpp>
#include <host/settings/settings.hpp>

namespace simhost::settings {

using Environment = std::map<std::string, std::string, std::less<>>;

Environment process_environment();

// What the program was started with and in.
struct Sources {
  Environment environment{};
  // Without dashes, in the order given: a long or short flag name, "config", or "plugins.<id>.<key>".
  std::vector<std::pair<std::string, std::string>> flags{};
  std::string working_folder{};               // absolute
  std::vector<std::string> default_files{};   // the first that exists is read when none is named
  std::vector<std::string> plugin_folders{};  // default of plugins.folders: the first that exists, else the last
};

// A value given for a plugin, not yet held against what the plugin declares.
struct PluginValue {
  Value value;  // from the file as it stands there, from a flag a text
  Origin origin;
};

// By plugin id, by key.
struct PluginInput {
  std::map<std::string, std::map<std::string, PluginValue>> values;
  std::map<std::string, Origin> places;  // of the plugins' own objects in the file
  Environment environment;
};

// A setting as it came out, for `simhost settings` and the log.
struct EffectiveSetting {
  std::string_view key;
  Value value;
  Origin origin;
};

struct LoadedSettings {
  Settings settings;
  PluginInput plugins;
  std::vector<EffectiveSetting> effective;  // in the order of the table
  std::vector<std::string> warnings;
  std::string file;  // the one that was read, or empty
};

// All faults of all sources at once, also of values that another source overrides.
tl::expected<LoadedSettings, SettingFaults> load_settings(const Sources& sources);

// localhost, 127.0.0.0/8, ::1, with or without brackets.
bool is_loopback_host(std::string_view host) noexcept;

// Whether a listener may bind the host: loopback always, others only with a token or the waiver. The error's detail
// says what to set.
Outcome check_bind(std::string_view host, const HttpSettings& http);

}  // namespace simhost::settings
