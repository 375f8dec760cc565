// Bounds of rules that nobody else needs.
#pragma once

#include <cstddef>
#include <cstdint>

namespace simhost::rules {

inline constexpr std::int64_t samples_max = 1000;  // of change
inline constexpr std::size_t message_chars = 1024;
inline constexpr std::size_t with_max = 16;  // variables that an alert shows

}  // namespace simhost::rules
