// Edit distance with swaps of neighbours, on words of bounded length.
#include <host/base/nearest.hpp>

#include <algorithm>
#include <array>

#include <host/base/utf8.hpp>

namespace simhost {
namespace {

constexpr std::size_t longest_word = 64;
constexpr std::size_t shortest_part = 3;

using Row = std::array<std::size_t, longest_word + 1>;

// Both words at most longest_word long.
std::size_t distance(std::string_view a, std::string_view b) {
  Row before_last{};
  Row last{};
  Row row{};
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, change});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) row[j] = std::min(row[j], before_last[j - 2] + 1);
    }
    before_last = last;
    last = row;
  }
  return last[b.size()];
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (c == '-' || c == ' ') c = '_';
  }
  return out;
}

bool is_part(std::string_view word, std::string_view name) {
  return word.size() >= shortest_part && (name.starts_with(word) || name.ends_with(word));
}

}  // namespace

std::optional<std::string_view> nearest_name(std::string_view word, std::span<const std::string_view> known) {
  if (word.empty() || word.size() > longest_word) return std::nullopt;
  const std::string meant = lower(word);
  const std::size_t allowed = std::max<std::size_t>(1, meant.size() / 3);
  std::optional<std::string_view> best;
  std::size_t best_distance = allowed + 1;
  for (const std::string_view name : known) {
    if (name.empty() || name.size() > longest_word) continue;
    const std::string candidate = lower(name);
    std::size_t far = distance(meant, candidate);
    if (far > allowed && (is_part(meant, candidate) || is_part(candidate, meant))) far = allowed;
    if (far >= best_distance) continue;
    best = name;
    best_distance = far;
  }
  return best;
}

std::string unknown_name_text(std::string_view kind, std::string_view word, std::span<const std::string_view> known) {
  std::string text = "unknown ";
  text += kind;
  text += " \"";
  const std::string_view shown = word.substr(0, longest_word);
  text += shown.substr(0, first_bad_utf8(shown));  // the cut may lie inside a character
  text += '"';
  if (const auto near = nearest_name(word, known)) {
    text += "; did you mean \"";
    text += *near;
    text += "\"?";
  }
  return text;
}

}  // namespace simhost
