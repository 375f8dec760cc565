// The known name that someone who mistyped most likely meant.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace simhost {

// By edit distance, a swap counting once; a word that begins or ends a known name is near it too ("speed" for
// "speed_rpm"). Nothing when none is near.
std::optional<std::string_view> nearest_name(std::string_view word, std::span<const std::string_view> known);

// "unknown key \"lnaes\"; did you mean \"lanes\"?", or without the question.
std::string unknown_name_text(std::string_view kind, std::string_view word, std::span<const std::string_view> known);

}  // namespace simhost
