// Values offered for settings by several sources: each is checked, the strongest source wins, faults are kept from all.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include <host/settings/load.hpp>
#include <host/settings/table.hpp>

namespace simhost::settings {

// Where a value came from, and how to tell the place of a part of it (a pointer below the value's own).
struct Offer {
  Value value;
  Origin origin;
  std::string base_folder;
  std::string pointer{};
  std::function<std::string(const std::string& pointer)> place_of{};
};

class Layers {
 public:
  void offer(const SettingInfo& setting, const Offer& offer);
  void refuse(Origin origin, std::string key, std::string code, std::string text);
  void warn(std::string text) { warnings_.push_back(std::move(text)); }
  void offer_plugin(const std::string& plugin, const std::string& key, PluginValue value);
  void add_plugin(const std::string& plugin, Origin origin) { plugins_.places.emplace(plugin, std::move(origin)); }

  [[nodiscard]] bool has(const SettingInfo& setting) const { return chosen_.contains(setting.key); }
  [[nodiscard]] const Origin& origin_of(std::string_view key) const { return chosen_.find(key)->second.origin; }
  [[nodiscard]] const SettingFaults& faults() const noexcept { return faults_; }

  // Every setting has a value by then, and there are no faults.
  [[nodiscard]] LoadedSettings take();

 private:
  struct Chosen {
    Value value;
    Origin origin;
  };

  std::map<std::string_view, Chosen> chosen_;
  PluginInput plugins_;
  SettingFaults faults_;
  std::vector<std::string> warnings_;
};

// "plugins.<id>.<key>" taken apart; false when it is no such key.
bool split_plugin_key(std::string_view key, std::string& plugin, std::string& name);

// The file's text into the layers. name: as the operator wrote it.
void read_file(const std::string& path, const std::string& name, Layers& layers);

// Where an unknown key could have been meant: `; did you mean "http.port"?` or nothing.
std::string setting_hint(std::string_view key);

}  // namespace simhost::settings
