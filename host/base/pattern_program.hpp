// A regular expression as compiled: instructions for a set of threads that walk the text together.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace simhost::base {

struct CharRange {
  char32_t first, last;
};

struct CharSet {
  std::vector<CharRange> ranges{};
  bool negated = false;

  [[nodiscard]] bool holds(char32_t c) const noexcept {
    for (const CharRange& range : ranges) {
      if (c >= range.first && c <= range.last) return !negated;
    }
    return negated;
  }
};

enum class PatternOp : std::uint8_t { set, split, jump, begin, end, match };

// set: index into sets. split: goes on at both a and b. jump: at a.
struct PatternStep {
  PatternOp op;
  std::uint32_t a = 0, b = 0;
};

struct PatternProgram {
  std::vector<PatternStep> steps;
  std::vector<CharSet> sets;
};

// The character at `at`, which moves behind it. text is valid UTF-8 and at < text.size().
inline char32_t next_char(std::string_view text, std::size_t& at) noexcept {
  const auto lead = static_cast<unsigned char>(text[at++]);
  const int more = lead < 0xC0 ? 0 : lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : 3;
  char32_t c = more == 0 ? lead : lead & (0x3FU >> static_cast<unsigned>(more));
  for (int i = 0; i < more && at < text.size(); ++i) c = (c << 6U) | (static_cast<unsigned char>(text[at++]) & 0x3FU);
  return c;
}

}  // namespace simhost::base
