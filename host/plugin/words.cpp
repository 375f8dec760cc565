// How lists of names are written in errors.
#include <host/plugin/words.hpp>

#include <algorithm>

namespace simhost::plugin {

std::string listed(const std::vector<std::string>& items, std::size_t shown_max) {
  std::string text;
  const std::size_t shown = std::min(items.size(), shown_max);
  for (std::size_t i = 0; i < shown; ++i) text += (i == 0 ? "" : ", ") + items[i];
  if (items.size() > shown) text += " and " + std::to_string(items.size() - shown) + " more";
  return text;
}

std::string counted(std::size_t count, std::string_view noun) {
  return std::to_string(count) + " " + std::string(noun) + (count == 1 ? "" : "s");
}

}  // namespace simhost::plugin
