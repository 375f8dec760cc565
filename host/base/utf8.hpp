// Whether bytes are well-formed UTF-8: no overlong forms, no surrogates, nothing above U+10FFFF.
#pragma once

#include <cstddef>
#include <string_view>

namespace simhost {

// The offset of the first byte that belongs to no character, or text.size().
std::size_t first_bad_utf8(std::string_view text) noexcept;

inline bool is_utf8(std::string_view text) noexcept { return first_bad_utf8(text) == text.size(); }

}  // namespace simhost
