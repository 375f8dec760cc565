// Regular expressions: what matches, what is refused, and that hostile pairs take linear time.
#include <host/base/pattern.hpp>

#include <string>

#include <gtest/gtest.h>

namespace simhost {
namespace {

struct Case {
  std::string_view pattern;
  std::string_view text;
  bool matches;
};

TEST(Pattern, MatchesAsEcmascriptDoes) {
  const Case cases[] = {
      {"", "", true},
      {"", "x", true},
      {"b", "abc", true},
      {"^b", "abc", false},
      {"c$", "abc", true},
      {"^$", "", true},
      {"^$", "a", false},
      {"^abc$", "abc", true},
      {"^abc$", "abcd", false},
      {"a|b", "xbx", true},
      {"^(a|bc)+$", "abcbca", true},
      {"^(a|bc)+$", "abca b", false},
      {"^(?:ab)*c$", "ababc", true},
      {"^(ab|)$", "", true},
      {"^a|b|c$", "xbx", true},
      {"^(a|b|c|d)$", "d", true},
      {"^a?b?$", "ba", false},
      {"^[a-c]{2,3}$", "abc", true},
      {"^[a-c]{2,3}$", "a", false},
      {"^[a-c]{2,3}$", "abca", false},
      {"^[a-c]{2,}$", "aaaaa", true},
      {"^a{3}$", "aaa", true},
      {"^a{3}$", "aa", false},
      {"^a{0}$", "", true},
      {"^(a{2}b){2}$", "aabaab", true},
      {"^(x+y?){1,2}z$", "xxyxz", true},
      {"^[^0-9]+$", "ab-", true},
      {"^[^0-9]+$", "a1", false},
      {"^[]a]", "a", false},
      {"^[a-]+$", "-a", true},
      {"^[-a]+$", "a-", true},
      {"^[\\w.-]+$", "a_B.9-", true},
      {"^[\\d\\s]+$", "1 2\t3", true},
      {"^\\D\\W\\S$", "a-b", true},
      {"^\\D$", "5", false},
      {"^.$", "\xc3\xa9", true},
      {"^.$", "\n", false},
      {"^[\xc3\xa0-\xc3\xbf]$", "\xc3\xa9", true},
      {"^\\u00e9$", "\xc3\xa9", true},
      {"^\\x41\\t\\.\\/\\\\$", "A\t./\\", true},
      {"^(a*)*$", "aaa", true},
      {"^(a*)+b$", "aaa", false},
      {"^(|a)+$", "aa", true},
      {"^a+?$", "aa", true},
      {"^[a-z0-9][a-z0-9._-]{0,62}$", "dyno-1", true},
      {"^[a-z0-9][a-z0-9._-]{0,62}$", "-dyno", false},
      {"^\\d{4}-\\d{2}-\\d{2}T", "2026-11-21T11:00", true},
  };
  for (const Case& c : cases) {
    const auto pattern = Pattern::make(c.pattern);
    ASSERT_TRUE(pattern) << c.pattern << ": " << pattern.error().detail;
    EXPECT_EQ(pattern->matches(c.text), c.matches) << c.pattern << " on " << c.text;
  }
}

TEST(Pattern, RefusesWhatItCannotHold) {
  for (const std::string& text : {std::string("("),
                                  std::string(")"),
                                  std::string("a)"),
                                  std::string("["),
                                  std::string("[a"),
                                  std::string("*a"),
                                  std::string("a**"),
                                  std::string("a{2}{3}"),
                                  std::string("a{"),
                                  std::string("a{x}"),
                                  std::string("a{3,2}"),
                                  std::string("a{1001}"),
                                  std::string("\\"),
                                  std::string("\\1"),
                                  std::string("\\b"),
                                  std::string("\\p{L}"),
                                  std::string("(?=a)"),
                                  std::string("(?<n>a)"),
                                  std::string("[z-a]"),
                                  std::string("[\\d-z]"),
                                  std::string("\\u12"),
                                  std::string("\xff"),
                                  std::string("((a{100}){100}){100}"),
                                  std::string("(a{1000}){20}|b"),
                                  std::string(100, '(') + std::string(100, ')')}) {
    const auto pattern = Pattern::make(text);
    ASSERT_FALSE(pattern) << text;
    EXPECT_EQ(pattern.error().code, "not_valid");
  }
}

// A backtracking matcher needs about 2^20000 steps for the first, and as much stack as text for the second.
TEST(Pattern, TakesLinearTimeOnHostileTexts) {
  const std::string text(20'000, 'a');
  EXPECT_FALSE(Pattern::make("^(a+)+b$")->matches(text));
  EXPECT_TRUE(Pattern::make("^(a|b)*$")->matches(text));
  EXPECT_FALSE(Pattern::make("(a?){50}c")->matches(text));
}

}  // namespace
}  // namespace simhost
