// The table of settings: one row each, from which parsing, help, documentation and the schema of the file are made.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <host/base/value.hpp>
#include <host/settings/settings.hpp>

namespace simhost::settings {

// path: relative ones in the file count from the file's folder, others from the working folder.
enum class SettingType : std::uint8_t { integer, number, boolean, text, choice, path, text_list, path_list };

// What is wrong with a text, or "".
using Complaint = std::string_view (*)(std::string_view text);

struct SettingInfo {
  std::string_view key;  // "http.port"; the environment name and the flag follow from it
  SettingType type;
  std::string_view fallback;  // as JSON; "": found at the start, see doc
  std::string_view doc;
  void (*store)(Settings& settings, const Value& value);  // of a value of the row's type, in range
  double min = 0, max = 0;                                // of numbers
  std::string_view choices{};                             // separated by blanks
  std::string_view short_flag{};                          // without the dashes
  Complaint complaint = nullptr;                          // of a text, or of each item of a list
};

std::span<const SettingInfo> all_settings() noexcept;
const SettingInfo* find_setting(std::string_view key) noexcept;

std::string environment_name(const SettingInfo& setting);  // "SIMHOST_HTTP_PORT"
std::string flag_name(const SettingInfo& setting);         // "http-port"
std::vector<std::string_view> choices_of(const SettingInfo& setting);

}  // namespace simhost::settings
