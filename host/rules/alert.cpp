// Alerts as the wire shows them and as a store keeps them.
#include <host/rules/alert.hpp>

#include <host/base/clock.hpp>
#include <host/base/shape.hpp>

namespace simhost::rules {

namespace {

Value to_value(const Moment& moment) {
  return Value::object({{"tick", moment.tick}, {"at", format_utc(moment.at_wall_ns)}});
}

Moment read_moment(const Value& value, const std::string& pointer, FieldErrors& errors) {
  ObjectReader r(value, pointer, errors);
  Moment moment;
  moment.tick = static_cast<std::uint64_t>(r.integer("tick", {0, INT64_MAX}).value_or(0));
  moment.at_wall_ns = parse_utc(r.text("at").value_or("")).value_or(0);
  return moment;
}

}  // namespace

Value show(const Alert& alert) {
  return Value::object({{"id", alert.id},
                        {"rule", alert.rule},
                        {"rule_name", alert.rule_name},
                        {"session", alert.session},
                        {"model", alert.model},
                        {"lane", alert.lane},
                        {"value", alert.value},
                        {"limit", alert.limit},
                        {"with", alert.with},
                        {"severity", to_string(alert.severity)},
                        {"message", alert.message},
                        {"state", alert.active() ? "active" : "cleared"},
                        {"time_s", alert.time_s},
                        {"since", to_value(alert.since)},
                        {"cleared", alert.cleared ? to_value(*alert.cleared) : Value()}});
}

Value to_document(const Alert& alert) { return show(alert); }

Result<Alert> alert_of(const Value& document) {
  FieldErrors errors;
  ObjectReader r(document, "", errors);
  Alert alert;
  for (const auto& [key, into] :
       {std::pair{"id", &alert.id}, std::pair{"rule", &alert.rule}, std::pair{"rule_name", &alert.rule_name},
        std::pair{"session", &alert.session}, std::pair{"model", &alert.model}, std::pair{"message", &alert.message}}) {
    r.require(key);
    *into = r.text(key).value_or("");
  }
  alert.lane = static_cast<std::uint32_t>(r.integer("lane", {0, UINT32_MAX}).value_or(0));
  if (const Value* value = r.any("value")) alert.value = *value;
  if (const Value* with = r.any("with"); with != nullptr && with->is_object()) alert.with = *with;
  alert.limit = r.number("limit").value_or(0);
  alert.time_s = r.number("time_s").value_or(0);
  alert.severity = static_cast<Severity>(r.choice("severity", {"info", "warning", "error"}).value_or(1));
  r.require("since");
  if (const Value* since = r.object("since")) alert.since = read_moment(*since, "/since", errors);
  if (const Value* cleared = r.any("cleared"); cleared != nullptr && cleared->is_object())
    alert.cleared = read_moment(*cleared, "/cleared", errors);
  if (!errors.empty()) return fail(validation_failed(std::move(errors)));
  return alert;
}

}  // namespace simhost::rules
