// Regular expressions of JSON Schema: matched in time linear in the text, without recursion on it.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include <host/base/error.hpp>

namespace simhost {

namespace base {
struct PatternProgram;
}

// The subset of ECMAScript's that JSON Schema recommends: characters, . [...] [^...] \d \w \s \D \W \S \t \n \r \uXXXX
// and escaped signs, ^ $, (...) (?:...), |, * + ? {m} {m,} {m,n}. No back references, no look-around.
class Pattern {
 public:
  // Error not_valid, with what is wrong and where.
  static Result<Pattern> make(std::string_view text);

  // Whether it matches anywhere in the text (valid UTF-8), as JSON Schema has it; ^ and $ bind it to the ends.
  [[nodiscard]] bool matches(std::string_view text) const;

 private:
  explicit Pattern(std::shared_ptr<const base::PatternProgram> program) : program_(std::move(program)) {}
  std::shared_ptr<const base::PatternProgram> program_;
};

}  // namespace simhost
