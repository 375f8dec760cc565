// The text of an alert out of a rule's template: {value}, {value:.1}, {limit}, {lane} and others in it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <host/base/error.hpp>

namespace simhost::rules {

struct Words {
  double value = 0, limit = 0, time_s = 0, change = 0;
  std::uint64_t tick = 0;
  std::uint32_t lane = 0;
  std::string_view variable, unit, session, rule;
  std::string_view value_name;  // of an enum; empty: none
};

// Whether every placeholder is a known one; an empty template is good, and stands for a sentence of its own.
Outcome check_message(std::string_view text);
std::string fill_message(std::string_view text, const Words& words);

}  // namespace simhost::rules
