// How ids and names of plugins, models and variables are spelled, and how lists of them are written in errors.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace simhost::plugin {

inline constexpr std::size_t identifier_size_max = 63;

// Plugins, models, variables, commands, enum values.
inline constexpr std::string_view identifier_rule = "but a name is 1 to 63 of a-z, 0-9 and _, and starts with a letter";

[[nodiscard]] inline bool is_identifier(std::string_view text) noexcept {
  if (text.empty() || text.size() > identifier_size_max || text[0] < 'a' || text[0] > 'z') return false;
  for (const char c : text)
    if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_')) return false;
  return true;
}

// "a, b, c and 4 more"
[[nodiscard]] std::string listed(const std::vector<std::string>& items, std::size_t shown_max = 5);

// "1 symbol", "3 symbols"
[[nodiscard]] std::string counted(std::size_t count, std::string_view noun);

}  // namespace simhost::plugin
