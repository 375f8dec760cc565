// A rule: which values of which sessions are not as they should be, and what is said then.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <host/base/error.hpp>
#include <host/base/value.hpp>
#include <host/session/registry.hpp>

namespace simhost::rules {

enum class Severity : std::uint8_t { info, warning, error };
std::string_view to_string(Severity severity) noexcept;

struct When {
  enum class Kind : std::uint8_t { above, below, outside, equals, change };
  Kind kind = Kind::above;
  double low = 0, high = 0;   // above: high; below: low; equals and change: high
  std::uint32_t samples = 1;  // of change: against the value judged that many times before
  double hysteresis = 0;      // how far back it must come before an alert is cleared
  double for_s = 0;           // simulated: how long it must hold before one is raised
  friend bool operator==(const When&, const When&) = default;
};

struct Rule {
  std::string id, name;
  std::string session, model;        // one of both: an id
  std::string variable, on;          // on: a counter, empty: every tick
  std::vector<std::string> with;     // variables whose values at that tick an alert shows too
  std::vector<std::uint32_t> lanes;  // ascending; empty: all
  When when;
  Value when_value;  // as it was given
  bool pulse = false;
  std::string group;
  std::int64_t order = 0;
  Severity severity = Severity::warning;
  std::string message;
  std::string owner;  // the plugin whose rule it is, empty: none
  std::int64_t created_wall_ns = 0, updated_wall_ns = 0;
};

// The body of POST and PUT /v1/rules: all faults at once. Without id, owner and times.
Result<Rule> parse_rule(const Value& body, const session::Registry& registry);

Value show(const Rule& rule);
Value to_document(const Rule& rule);
Result<Rule> rule_of(const Value& document);

}  // namespace simhost::rules
