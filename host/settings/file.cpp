// The settings file: nested objects whose paths are the keys of the table, each fault with line and column.
#include <filesystem>
#include <fstream>
#include <sstream>

#include <host/base/json.hpp>
#include <host/base/limits.hpp>
#include <host/base/nearest.hpp>
#include <host/base/pointer.hpp>
#include <host/settings/layers.hpp>

namespace simhost::settings {
namespace {

std::optional<std::string> read_text_file(const std::string& path) {
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(path, ignored)) return std::nullopt;
  std::ifstream in(path, std::ios::binary);
  std::string text(limits::settings_file_bytes + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (in.bad() || !in.is_open()) return std::nullopt;
  text.resize(static_cast<std::size_t>(in.gcount()));
  return text;
}

std::string place_text(const std::string& name, TextPosition at) {
  return name + ":" + std::to_string(at.line) + ":" + std::to_string(at.column);
}

class FileReader {
 public:
  FileReader(const LocatedJson& file, std::string name, std::string folder, Layers& layers)
      : file_(file), name_(std::move(name)), folder_(std::move(folder)), layers_(layers) {}

  void read() { read_group(file_.value, "", ""); }

 private:
  void read_group(const Value& group, const std::string& prefix, const std::string& pointer);
  void read_member(const Member& member, const std::string& key, const std::string& pointer);
  void read_plugin(const Value& values, const std::string& plugin, const std::string& pointer);
  void refuse_unknown(const Member& member, const std::string& key, const std::string& pointer);
  void refuse_no_object(const std::string& key, const std::string& pointer) {
    layers_.refuse(origin_of(pointer), key, "wrong_type", "an object is needed");
  }

  [[nodiscard]] Origin origin_of(const std::string& pointer) const {
    return {OriginKind::file, place_text(name_, file_.marks.find(pointer)->second.value)};
  }
  [[nodiscard]] Origin origin_of_key(const std::string& pointer) const {
    return {OriginKind::file, place_text(name_, file_.marks.find(pointer)->second.key)};
  }

  const LocatedJson& file_;
  std::string name_;
  std::string folder_;
  Layers& layers_;
};

bool is_group(const std::string& key) {
  for (const SettingInfo& setting : all_settings()) {
    if (setting.key.starts_with(key + ".")) return true;
  }
  return false;
}

// The names that may stand in a group ("" the whole file, else with its dot).
std::vector<std::string_view> names_in(const std::string& prefix) {
  std::vector<std::string_view> names;
  for (const SettingInfo& setting : all_settings()) {
    if (!setting.key.starts_with(prefix)) continue;
    const std::string_view rest = setting.key.substr(prefix.size());
    const std::string_view name = rest.substr(0, rest.find('.'));
    if (names.empty() || names.back() != name) names.push_back(name);
  }
  return names;
}

void FileReader::read_group(const Value& group, const std::string& prefix, const std::string& pointer) {
  if (!group.is_object()) {
    return refuse_no_object(prefix.empty() ? "" : prefix.substr(0, prefix.size() - 1), pointer);
  }
  for (const Member& member : group.members()) {
    if (prefix.empty() && member.key == "$schema") continue;
    read_member(member, prefix + member.key, child_pointer(pointer, member.key));
  }
}

void FileReader::read_member(const Member& member, const std::string& key, const std::string& pointer) {
  const SettingInfo* setting = find_setting(key);
  if (setting != nullptr) {
    const auto place_of = [this](const std::string& part) { return origin_of(part).place; };
    return layers_.offer(*setting, {member.value, origin_of(pointer), folder_, pointer, place_of});
  }
  if (is_group(key)) return read_group(member.value, key + ".", pointer);
  const bool plugin = key.starts_with("plugins.") && member.value.is_object();
  if (plugin) return read_plugin(member.value, member.key, pointer);
  refuse_unknown(member, key, pointer);
}

void FileReader::read_plugin(const Value& values, const std::string& plugin, const std::string& pointer) {
  layers_.add_plugin(plugin, origin_of_key(pointer));
  for (const Member& member : values.members()) {
    layers_.offer_plugin(plugin, member.key, {member.value, origin_of(child_pointer(pointer, member.key))});
  }
}

void FileReader::refuse_unknown(const Member& member, const std::string& key, const std::string& pointer) {
  const std::vector<std::string_view> names = names_in(key.substr(0, key.size() - member.key.size()));
  std::string text = unknown_name_text("key", member.key, names);
  if (!nearest_name(member.key, names)) text += setting_hint(member.key);
  layers_.refuse(origin_of_key(pointer), key, "unknown_key", std::move(text));
}

}  // namespace

void read_file(const std::string& path, const std::string& name, Layers& layers) {
  const std::optional<std::string> text = read_text_file(path);
  if (!text) return layers.refuse({OriginKind::file, name}, "", "not_found", "the file cannot be read");
  if (text->size() > limits::settings_file_bytes) {
    return layers.refuse({OriginKind::file, name}, "", "payload_too_large", "the file is larger than 1 MiB");
  }
  const auto parsed = parse_located_json(*text);
  if (!parsed) {
    const JsonFault& fault = parsed.error();
    return layers.refuse({OriginKind::file, place_text(name, fault.position)}, "", fault.code, fault.detail);
  }
  FileReader(*parsed, name, std::filesystem::path(path).parent_path().string(), layers).read();
}

}  // namespace simhost::settings
