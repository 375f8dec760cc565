// Checking of names.
#include <host/base/names.hpp>

#include <host/base/limits.hpp>

namespace simhost {

bool is_name(std::string_view text) noexcept {
  constexpr std::string_view inside = "abcdefghijklmnopqrstuvwxyz0123456789._-";
  constexpr std::string_view first = inside.substr(0, 36);
  return !text.empty() && text.size() <= limits::name_chars && first.find(text.front()) != std::string_view::npos &&
         text.find_first_not_of(inside) == std::string_view::npos;
}

}  // namespace simhost
