// Choosing among sources.
#include <host/settings/layers.hpp>

#include <host/base/nearest.hpp>
#include <host/settings/check_value.hpp>

namespace simhost::settings {
namespace {

bool is_list(const SettingInfo& setting) {
  return setting.type == SettingType::text_list || setting.type == SettingType::path_list;
}

}  // namespace

void Layers::offer(const SettingInfo& setting, const Offer& offer) {
  FieldErrors errors;
  std::optional<Value> value = check_value(setting, offer.value, offer.pointer, offer.base_folder, errors);
  for (FieldError& error : errors) {
    Origin origin = offer.origin;
    if (offer.place_of) origin.place = offer.place_of(error.pointer);
    refuse(std::move(origin), std::string(setting.key), std::move(error.code), std::move(error.detail));
  }
  if (!value) return;
  const auto before = chosen_.find(setting.key);
  if (before == chosen_.end() || before->second.origin.kind < offer.origin.kind) {
    chosen_.insert_or_assign(setting.key, Chosen{std::move(*value), offer.origin});
  } else if (before->second.origin.kind == offer.origin.kind && is_list(setting)) {
    for (Value& item : value->items()) before->second.value.push(std::move(item));
  } else if (before->second.origin.kind == offer.origin.kind) {
    before->second = Chosen{std::move(*value), offer.origin};
  }
}

void Layers::refuse(Origin origin, std::string key, std::string code, std::string text) {
  faults_.push_back({std::move(origin), std::move(key), std::move(code), std::move(text)});
}

void Layers::offer_plugin(const std::string& plugin, const std::string& key, PluginValue value) {
  auto& values = plugins_.values[plugin];
  const auto before = values.find(key);
  if (before == values.end() || before->second.origin.kind <= value.origin.kind) {
    values.insert_or_assign(key, std::move(value));
  }
}

LoadedSettings Layers::take() {
  LoadedSettings loaded;
  for (const SettingInfo& setting : all_settings()) {
    Chosen& chosen = chosen_.at(setting.key);
    setting.store(loaded.settings, chosen.value);
    loaded.effective.push_back({setting.key, std::move(chosen.value), std::move(chosen.origin)});
  }
  loaded.plugins = std::move(plugins_);
  loaded.warnings = std::move(warnings_);
  return loaded;
}

bool split_plugin_key(std::string_view key, std::string& plugin, std::string& name) {
  constexpr std::string_view prefix = "plugins.";
  if (!key.starts_with(prefix)) return false;
  key.remove_prefix(prefix.size());
  const std::size_t dot = key.find('.');
  if (dot == std::string_view::npos || dot == 0 || dot + 1 == key.size()) return false;
  plugin = key.substr(0, dot);
  name = key.substr(dot + 1);
  return true;
}

std::string setting_hint(std::string_view key) {
  std::vector<std::string_view> keys;
  for (const SettingInfo& setting : all_settings()) keys.push_back(setting.key);
  const auto near = nearest_name(key, keys);
  return near ? "; did you mean \"" + std::string(*near) + "\"?" : std::string();
}

}  // namespace simhost::settings
