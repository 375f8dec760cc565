// The settings plugins declare, filled from file, environment and flags, in the shape the services hand to plugins.
#pragma once

#include <mutex>
#include <span>
#include <string>
#include <vector>

#include <host/services/services.hpp>
#include <host/settings/plugin_settings.hpp>

namespace simhost::cli {

// Asked once per load; remembers what every plugin declared, since a bare name counts only where one declares it. [any]
class PluginConfig {
 public:
  explicit PluginConfig(settings::PluginInput input) : input_(std::move(input)) {}

  Result<services::SettingValues> values(const std::string& plugin, std::span<const sim_setting> declared);

  // What the host acts on itself: the compatibility listener. Nothing for a plugin without a port.
  struct Listener {
    std::string host;
    std::uint16_t port = 0;
    std::string port_setting;  // what to set when the port is taken
    std::vector<std::string> origins;
    double requests_per_minute = 0;
  };
  [[nodiscard]] std::optional<Listener> listener(const std::string& plugin) const;

 private:
  void remember(settings::PluginDeclaration declaration);

  const settings::PluginInput input_;
  mutable std::mutex mutex_;
  std::vector<settings::PluginDeclaration> enabled_;
  std::map<std::string, settings::ResolvedPlugin> resolved_;
};

}  // namespace simhost::cli
