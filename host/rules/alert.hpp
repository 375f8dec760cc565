// An alert: what a rule found on a lane of a session, and when it was over.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <host/rules/rule.hpp>

namespace simhost::rules {

struct Moment {
  std::uint64_t tick = 0;
  std::int64_t at_wall_ns = 0;
};

struct Alert {
  std::string id, rule, rule_name, session, model, message;
  std::uint32_t lane = 0;
  Value value;                     // of an enum its name
  Value with = Value::object({});  // other values at that tick, by name
  double limit = 0, time_s = 0;
  Severity severity = Severity::warning;
  Moment since;
  std::optional<Moment> cleared;

  [[nodiscard]] bool active() const noexcept { return !cleared.has_value(); }
};

Value show(const Alert& alert);
Value to_document(const Alert& alert);
Result<Alert> alert_of(const Value& document);

}  // namespace simhost::rules
