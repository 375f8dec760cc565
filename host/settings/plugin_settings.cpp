// Filling of plugins' settings, and the warnings about names that could mean several.
#include <host/settings/plugin_settings.hpp>

#include <algorithm>
#include <map>

#include <host/base/field_errors.hpp>
#include <host/base/json.hpp>
#include <host/base/nearest.hpp>
#include <host/base/query_reader.hpp>
#include <host/base/shape.hpp>

namespace simhost::settings {
namespace {

bool declares(const PluginDeclaration& plugin, std::string_view variable) {
  return std::any_of(plugin.settings.begin(), plugin.settings.end(),
                     [variable](const DeclaredSetting& setting) { return setting.environment == variable; });
}

// A text from outside as the declared type; what is none stays text, to be refused.
Value typed(const DeclaredSetting& setting, const std::string& text) {
  std::optional<Value> value;
  if (setting.type == DeclaredType::real) value = number_of(text);
  if (setting.type == DeclaredType::integer) value = integer_of(text);
  if (setting.type == DeclaredType::boolean) value = boolean_of(text);
  return value ? *value : Value(text);
}

// In the file a list of texts may stand for the comma list a plugin declares as text.
Value from_file(const DeclaredSetting& setting, const Value& value) {
  const bool list =
      setting.type == DeclaredType::text && value.is_array() &&
      std::all_of(value.items().begin(), value.items().end(), [](const Value& v) { return v.is_string(); });
  if (!list) return value;
  std::string text;
  for (const Value& item : value.items()) text += (text.empty() ? "" : ",") + item.string();
  return Value(std::move(text));
}

std::optional<Value> check(const DeclaredSetting& setting, const Value& value, FieldErrors& errors) {
  const bool ranged = setting.min < setting.max;
  if (setting.type == DeclaredType::text) {
    const auto text = read_text(value, {}, "", errors);
    return text ? std::optional<Value>(*text) : std::nullopt;
  }
  if (setting.type == DeclaredType::boolean) {
    const auto flag = read_boolean(value, "", errors);
    return flag ? std::optional<Value>(*flag) : std::nullopt;
  }
  NumberRule rule;
  if (ranged) rule = {.min = setting.min, .max = setting.max};
  if (setting.type == DeclaredType::integer) {
    const auto whole = read_integer(value, {}, "", errors);
    const bool good = whole && read_number(Value(*whole), rule, "", errors);
    return good ? std::optional<Value>(*whole) : std::nullopt;
  }
  const auto number = read_number(value, rule, "", errors);
  return number ? std::optional<Value>(*number) : std::nullopt;
}

class Resolver {
 public:
  Resolver(const PluginInput& input, const PluginDeclaration& plugin, std::span<const PluginDeclaration> enabled)
      : input_(input), plugin_(plugin), enabled_(enabled) {
    const auto found = input.values.find(plugin.plugin);
    if (found != input.values.end()) given_ = &found->second;
  }

  void add(const DeclaredSetting& setting) {
    const auto [value, origin] = choose(setting);
    FieldErrors errors;
    const auto checked = check(setting, value, errors);
    for (const FieldError& error : errors) {
      faults_.push_back({origin, "plugins." + plugin_.plugin + "." + setting.key, error.code, error.detail});
    }
    if (checked) resolved_.settings.push_back({setting.key, setting.role, *checked, origin});
  }

  void refuse_unknown() {
    if (given_ == nullptr) return;
    std::vector<std::string_view> known;
    for (const DeclaredSetting& setting : plugin_.settings) known.push_back(setting.key);
    for (const auto& [key, value] : *given_) {
      if (std::find(known.begin(), known.end(), key) != known.end()) continue;
      faults_.push_back({value.origin, "plugins." + plugin_.plugin + "." + key, "unknown_key",
                         unknown_name_text("setting", key, known)});
    }
  }

  [[nodiscard]] tl::expected<ResolvedPlugin, SettingFaults> take() {
    if (!faults_.empty()) return tl::unexpected<SettingFaults>(std::move(faults_));
    return std::move(resolved_);
  }

 private:
  [[nodiscard]] const PluginValue* given(const std::string& key) const {
    if (given_ == nullptr) return nullptr;
    const auto found = given_->find(key);
    return found != given_->end() ? &found->second : nullptr;
  }

  // A variable set to nothing counts as not set.
  [[nodiscard]] const std::string* variable(const std::string& name) const {
    const auto found = input_.environment.find(name);
    return found != input_.environment.end() && !found->second.empty() ? &found->second : nullptr;
  }

  [[nodiscard]] bool owns(const std::string& name) const {
    return std::none_of(enabled_.begin(), enabled_.end(), [&](const PluginDeclaration& other) {
      return other.plugin != plugin_.plugin && declares(other, name);
    });
  }

  [[nodiscard]] std::pair<Value, Origin> choose(const DeclaredSetting& setting) const {
    const PluginValue* value = given(setting.key);
    const bool flag = value != nullptr && value->origin.kind == OriginKind::flag;
    if (flag) return {typed(setting, value->value.string()), value->origin};
    if (!setting.environment.empty()) {
      const std::string own = plugin_variable(plugin_.plugin, setting.environment);
      if (const auto* text = variable(own)) return {typed(setting, *text), {OriginKind::environment, own}};
      const auto* bare = owns(setting.environment) ? variable(setting.environment) : nullptr;
      if (bare != nullptr) return {typed(setting, *bare), {OriginKind::environment, setting.environment}};
    }
    if (value != nullptr) return {from_file(setting, value->value), value->origin};
    return {typed(setting, setting.fallback), {}};
  }

  const PluginInput& input_;
  const PluginDeclaration& plugin_;
  std::span<const PluginDeclaration> enabled_;
  const std::map<std::string, PluginValue>* given_ = nullptr;
  ResolvedPlugin resolved_;
  SettingFaults faults_;
};

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

}  // namespace

const Value* ResolvedPlugin::find(std::string_view key) const noexcept {
  for (const ResolvedSetting& setting : settings) {
    if (setting.key == key) return &setting.value;
  }
  return nullptr;
}

const Value* ResolvedPlugin::find(SettingRole role) const noexcept {
  for (const ResolvedSetting& setting : settings) {
    if (setting.role == role) return &setting.value;
  }
  return nullptr;
}

std::string plugin_variable(std::string_view plugin, std::string_view name) {
  std::string out;
  for (const char c : plugin) {
    const bool lower = c >= 'a' && c <= 'z';
    const bool kept = (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    out += lower ? static_cast<char>(c - 'a' + 'A') : kept ? c : '_';
  }
  return out + "_" + std::string(name);
}

tl::expected<ResolvedPlugin, SettingFaults> resolve_plugin(const PluginInput& input, const PluginDeclaration& plugin,
                                                           std::span<const PluginDeclaration> enabled) {
  Resolver resolver(input, plugin, enabled);
  for (const DeclaredSetting& setting : plugin.settings) resolver.add(setting);
  resolver.refuse_unknown();
  return resolver.take();
}

std::vector<std::string> plugin_warnings(const PluginInput& input, std::span<const PluginDeclaration> enabled) {
  std::map<std::string, std::vector<std::string>> variables;  // the bare name, and the full names it could mean
  std::vector<std::string_view> ids;
  for (const PluginDeclaration& plugin : enabled) {
    ids.push_back(plugin.plugin);
    for (const DeclaredSetting& setting : plugin.settings) {
      const std::string& name = setting.environment;
      const auto found = input.environment.find(name);
      const bool set = !name.empty() && found != input.environment.end() && !found->second.empty();
      if (set) variables[name].push_back(plugin_variable(plugin.plugin, name));
    }
  }
  std::vector<std::string> warnings;
  for (const auto& [name, full] : variables) {
    if (full.size() < 2) continue;
    warnings.push_back(name + " is set but could mean several plugins, so it is ignored; use one of " + joined(full));
  }
  for (const auto& [plugin, values] : input.values) {
    if (values.empty() || std::find(ids.begin(), ids.end(), plugin) != ids.end()) continue;
    warnings.push_back(values.begin()->second.origin.place + ": plugins." + plugin + ": " +
                       unknown_name_text("plugin", plugin, ids) + " Its settings are not used.");
  }
  return warnings;
}

std::vector<std::string> origins_of(std::string_view text) {
  std::vector<std::string> out;
  const auto list = text.starts_with("[") ? parse_json(text) : Result<Value>(Value());
  if (list && list->is_array()) {
    for (const Value& item : list->items()) {
      if (item.is_string()) out.push_back(item.string());
    }
    return out;
  }
  for (std::string_view part : split_list(text)) {
    part.remove_prefix(std::min(part.find_first_not_of(" \t"), part.size()));
    part = part.substr(0, part.find_last_not_of(" \t") + 1);
    if (!part.empty()) out.emplace_back(part);
  }
  return out;
}

}  // namespace simhost::settings
