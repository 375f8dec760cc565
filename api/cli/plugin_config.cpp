// From the C declarations of a plugin to its values.
#include <api/cli/plugin_config.hpp>

#include <algorithm>

#include <host/base/json.hpp>
#include <host/base/log.hpp>

namespace simhost::cli {

namespace {

std::string text_of(const char* text) { return text != nullptr ? text : ""; }

settings::DeclaredType type_of(std::uint32_t type) {
  if (type == SIM_REAL) return settings::DeclaredType::real;
  if (type == SIM_INTEGER) return settings::DeclaredType::integer;
  return type == SIM_BOOLEAN ? settings::DeclaredType::boolean : settings::DeclaredType::text;
}

settings::PluginDeclaration declaration_of(const std::string& plugin, std::span<const sim_setting> declared) {
  settings::PluginDeclaration out{plugin, {}};
  for (const auto& s : declared)
    out.settings.push_back({.key = text_of(s.key),
                            .environment = text_of(s.environment),
                            .type = type_of(s.type),
                            .role = static_cast<settings::SettingRole>(s.role),
                            .min = s.min,
                            .max = s.max,
                            .fallback = text_of(s.fallback),
                            .description = text_of(s.description)});
  return out;
}

services::SettingValue value_of(const settings::ResolvedSetting& setting, std::uint32_t type) {
  services::SettingValue out{setting.key, type, static_cast<std::uint32_t>(setting.role), 0, {}};
  if (setting.value.is_number()) out.number = setting.value.number();
  if (setting.value.is_bool()) out.number = setting.value.boolean() ? 1 : 0;
  out.text = setting.value.is_string() ? setting.value.string() : to_json(setting.value);
  return out;
}

}  // namespace

void PluginConfig::remember(settings::PluginDeclaration declaration) {
  std::erase_if(enabled_, [&](const auto& d) { return d.plugin == declaration.plugin; });
  enabled_.push_back(std::move(declaration));
}

Result<services::SettingValues> PluginConfig::values(const std::string& plugin, std::span<const sim_setting> declared) {
  const std::lock_guard lock(mutex_);
  auto declaration = declaration_of(plugin, declared);
  remember(declaration);
  auto resolved = settings::resolve_plugin(input_, declaration, enabled_);
  if (!resolved) return fail(settings::settings_error(resolved.error()));
  for (const auto& warning : settings::plugin_warnings(input_, enabled_)) log_warning("settings", warning);
  services::SettingValues values;
  for (std::size_t i = 0; i < resolved->settings.size(); ++i)
    values.push_back(value_of(resolved->settings[i], declared[i].type));
  resolved_[plugin] = std::move(*resolved);
  return values;
}

std::optional<PluginConfig::Listener> PluginConfig::listener(const std::string& plugin) const {
  using settings::SettingRole;
  const std::lock_guard lock(mutex_);
  const auto at = resolved_.find(plugin);
  if (at == resolved_.end()) return {};
  const Value* port = at->second.find(SettingRole::listener_port);
  if (port == nullptr) return {};
  Listener out{"127.0.0.1", static_cast<std::uint16_t>(port->number()), {}, {}, 0};
  for (const auto& s : at->second.settings)
    if (s.role == SettingRole::listener_port) out.port_setting = "plugins." + plugin + "." + s.key;
  if (const Value* host = at->second.find(SettingRole::listener_host)) out.host = host->string();
  if (const Value* origins = at->second.find(SettingRole::origins))
    out.origins = settings::origins_of(origins->string());
  if (const Value* rate = at->second.find(SettingRole::requests_per_minute)) out.requests_per_minute = rate->number();
  return out;
}

}  // namespace simhost::cli
