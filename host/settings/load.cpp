// The order of the sources, the defaults, and the rules that span several settings.
#include <host/settings/load.hpp>

#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include <host/base/json.hpp>
#include <host/base/nearest.hpp>
#include <host/settings/check_value.hpp>
#include <host/settings/layers.hpp>

namespace simhost::settings {
namespace {

constexpr std::string_view environment_prefix = "SIMHOST_";
constexpr std::string_view file_flag = "config";
constexpr std::string_view file_variable = "SIMHOST_CONFIG";
// Read by the command line client, not by the host.
constexpr std::string_view other_variables[] = {file_variable, "SIMHOST_TOKEN", "SIMHOST_URL"};

const std::string* find_variable(const Environment& environment, std::string_view name) {
  const auto found = environment.find(name);
  return found != environment.end() && !found->second.empty() ? &found->second : nullptr;
}

bool exists(const std::string& path) {
  std::error_code ignored;
  return std::filesystem::exists(path, ignored);
}

// The file the operator named, else the first default that is there, else none.
std::string file_of(const Sources& sources) {
  std::string named;
  if (const std::string* variable = find_variable(sources.environment, file_variable)) named = *variable;
  for (const auto& [name, value] : sources.flags) {
    if (name == file_flag) named = value;
  }
  if (!named.empty()) return named;
  const auto& files = sources.default_files;
  const auto found = std::find_if(files.begin(), files.end(), exists);
  return found != files.end() ? *found : std::string();
}

const SettingInfo* find_flag(const std::string& name) {
  for (const SettingInfo& setting : all_settings()) {
    if (name == setting.key || name == setting.short_flag || name == flag_name(setting)) return &setting;
  }
  return nullptr;
}

void read_flag(const std::string& name, const std::string& text, const Sources& sources, Layers& layers) {
  const Origin origin{OriginKind::flag, "--" + name};
  if (const SettingInfo* setting = find_flag(name)) {
    return layers.offer(*setting, {value_of_text(*setting, text), origin, sources.working_folder});
  }
  std::string plugin;
  std::string key;
  if (split_plugin_key(name, plugin, key)) return layers.offer_plugin(plugin, key, {Value(text), origin});
  std::vector<std::string> names;
  for (const SettingInfo& setting : all_settings()) names.push_back(flag_name(setting));
  const std::vector<std::string_view> known(names.begin(), names.end());
  layers.refuse(origin, "", "unknown_key", unknown_name_text("flag", name, known));
}

void read_variable(const std::string& name, const std::string& text, const Sources& sources, Layers& layers) {
  const bool other =
      std::find(std::begin(other_variables), std::end(other_variables), name) != std::end(other_variables);
  if (!name.starts_with(environment_prefix) || other || text.empty()) return;
  std::vector<std::string> names;
  for (const SettingInfo& setting : all_settings()) {
    names.push_back(environment_name(setting));
    if (name != names.back()) continue;
    return layers.offer(setting,
                        {value_of_text(setting, text), {OriginKind::environment, name}, sources.working_folder});
  }
  const std::vector<std::string_view> known(names.begin(), names.end());
  layers.warn(unknown_name_text("variable", name, known) + " It is ignored.");
}

std::string default_state_dir(const Environment& environment) {
  // systemd gives the folder of its StateDirectory= here.
  if (const std::string* given = find_variable(environment, "STATE_DIRECTORY")) return *given;
  const std::string* xdg = find_variable(environment, "XDG_STATE_HOME");
  if (xdg != nullptr && xdg->starts_with("/")) return *xdg + "/simhost";
  if (const std::string* home = find_variable(environment, "HOME")) return *home + "/.local/state/simhost";
  return "/var/lib/simhost";
}

Value default_plugin_folders(const Sources& sources) {
  const auto& folders = sources.plugin_folders;
  const auto found = std::find_if(folders.begin(), folders.end(), exists);
  if (found != folders.end()) return Value(Array{Value(*found)});
  return folders.empty() ? Value::array() : Value(Array{Value(folders.back())});
}

Value fallback_of(const SettingInfo& setting, const Sources& sources) {
  if (setting.key == "state_dir") return Value(default_state_dir(sources.environment));
  if (setting.key == "plugins.folders") return default_plugin_folders(sources);
  return parse_json(setting.fallback).value();
}

void add_fallbacks(const Sources& sources, Layers& layers) {
  for (const SettingInfo& setting : all_settings()) {
    if (!layers.has(setting)) layers.offer(setting, {fallback_of(setting, sources), {}, sources.working_folder});
  }
}

bool is_ipv4_loopback(std::string_view host) {
  return host.starts_with("127.") && std::count(host.begin(), host.end(), '.') == 3 &&
         host.find_first_not_of("0123456789.") == std::string_view::npos;
}

}  // namespace

Environment process_environment() {
  Environment out;
  for (char** at = environ; at != nullptr && *at != nullptr; ++at) {
    const std::string_view pair(*at);
    const std::size_t equals = pair.find('=');
    if (equals != std::string_view::npos) out.emplace(pair.substr(0, equals), pair.substr(equals + 1));
  }
  return out;
}

bool is_loopback_host(std::string_view host) noexcept {
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  return host == "localhost" || host == "::1" || is_ipv4_loopback(host);
}

Outcome check_bind(std::string_view host, const HttpSettings& http) {
  if (is_loopback_host(host) || http.require_token || http.allow_unauthenticated_remote) return {};
  return fail("not_valid", "\"" + std::string(host) +
                               "\" can be reached from other machines: add --http-require-token true (clients send the "
                               "token), or --allow-unauthenticated-remote true (anybody may operate)");
}

tl::expected<LoadedSettings, SettingFaults> load_settings(const Sources& sources) {
  Layers layers;
  const std::string file = file_of(sources);
  const std::string path = file.empty() ? file : (std::filesystem::path(sources.working_folder) / file).string();
  if (!file.empty()) read_file(path, file, layers);
  for (const auto& [name, text] : sources.environment) read_variable(name, text, sources, layers);
  for (const auto& [name, text] : sources.flags) {
    if (name != file_flag) read_flag(name, text, sources, layers);
  }
  add_fallbacks(sources, layers);
  if (!layers.faults().empty()) return tl::unexpected<SettingFaults>(layers.faults());
  const Origin host_origin = layers.origin_of("http.host");
  LoadedSettings loaded = layers.take();
  loaded.plugins.environment = sources.environment;
  loaded.file = path;
  const Outcome bind = check_bind(loaded.settings.http.host, loaded.settings.http);
  if (!bind) {
    return tl::unexpected<SettingFaults>({{host_origin, "http.host", bind.error().code, bind.error().detail}});
  }
  return loaded;
}

}  // namespace simhost::settings
