// The rule for names that clients choose.
#pragma once

#include <string_view>

namespace simhost {

inline constexpr std::string_view name_rule =
    "1 to 63 of a-z, 0-9, dot, underscore and hyphen, beginning with a letter or digit";
inline constexpr std::string_view name_pattern = "^[a-z0-9][a-z0-9._-]{0,62}$";

bool is_name(std::string_view text) noexcept;

}  // namespace simhost
