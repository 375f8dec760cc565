// Rules as the wire shows them and as a store keeps them.
#include <host/rules/rule.hpp>

#include <host/base/clock.hpp>
#include <host/base/shape.hpp>
#include <host/rules/limits.hpp>

namespace simhost::rules {

namespace {

using Kind = When::Kind;

Value or_null(const std::string& text) { return text.empty() ? Value() : Value(text); }

Value to_value(const When& when) {
  return Value::object({{"kind", static_cast<std::int64_t>(when.kind)},
                        {"low", when.low},
                        {"high", when.high},
                        {"samples", when.samples},
                        {"hysteresis", when.hysteresis},
                        {"for_s", when.for_s}});
}

When read_kept_when(const Value& value, FieldErrors& errors) {
  ObjectReader r(value, "/condition", errors);
  When when;
  when.kind = static_cast<Kind>(r.integer("kind", {0, 4}).value_or(0));
  when.low = r.number("low").value_or(0);
  when.high = r.number("high").value_or(0);
  when.samples = static_cast<std::uint32_t>(r.integer("samples", {1, samples_max}).value_or(1));
  when.hysteresis = r.number("hysteresis").value_or(0);
  when.for_s = r.number("for_s").value_or(0);
  return when;
}

}  // namespace

Value show(const Rule& rule) {
  Value with = Value::array();
  for (const auto& name : rule.with) with.push(name);
  Value lanes = Value("all");
  if (!rule.lanes.empty()) {
    lanes = Value::array();
    for (const auto lane : rule.lanes) lanes.push(lane);
  }
  return Value::object({{"id", rule.id},
                        {"name", rule.name},
                        {"session", or_null(rule.session)},
                        {"model", or_null(rule.model)},
                        {"variable", rule.variable},
                        {"on", or_null(rule.on)},
                        {"lanes", std::move(lanes)},
                        {"with", std::move(with)},
                        {"when", rule.when_value},
                        {"pulse", rule.pulse},
                        {"group", or_null(rule.group)},
                        {"order", rule.order},
                        {"severity", to_string(rule.severity)},
                        {"message", rule.message},
                        {"owner", or_null(rule.owner)},
                        {"created_at", format_utc(rule.created_wall_ns)},
                        {"updated_at", format_utc(rule.updated_wall_ns)}});
}

Value to_document(const Rule& rule) {
  Value document = show(rule);
  document.set("condition", to_value(rule.when));
  return document.set("created_wall_ns", rule.created_wall_ns).set("updated_wall_ns", rule.updated_wall_ns);
}

Result<Rule> rule_of(const Value& document) {
  FieldErrors errors;
  ObjectReader r(document, "", errors);
  Rule rule;
  for (const auto* key : {"id", "name", "variable", "when", "condition"}) r.require(key);
  for (const auto& [key, into] :
       {std::pair{"id", &rule.id}, std::pair{"name", &rule.name}, std::pair{"session", &rule.session},
        std::pair{"model", &rule.model}, std::pair{"variable", &rule.variable}, std::pair{"on", &rule.on},
        std::pair{"group", &rule.group}, std::pair{"message", &rule.message}, std::pair{"owner", &rule.owner}})
    if (const Value* text = r.any(key); text != nullptr && text->is_string()) *into = text->string();
  if (const Value* lanes = r.any("lanes"); lanes != nullptr && lanes->is_array())
    for (const auto& lane : lanes->items())
      if (lane.is_integer()) rule.lanes.push_back(static_cast<std::uint32_t>(lane.integer()));
  if (const Value* with = r.any("with"); with != nullptr && with->is_array())
    for (const auto& name : with->items())
      if (name.is_string()) rule.with.push_back(name.string());
  if (const Value* when = r.object("when")) rule.when_value = *when;
  if (const Value* when = r.object("condition")) rule.when = read_kept_when(*when, errors);
  rule.pulse = r.boolean("pulse").value_or(false);
  rule.order = r.integer("order").value_or(0);
  rule.severity = static_cast<Severity>(r.choice("severity", {"info", "warning", "error"}).value_or(1));
  rule.created_wall_ns = r.integer("created_wall_ns").value_or(0);
  rule.updated_wall_ns = r.integer("updated_wall_ns").value_or(0);
  if (!errors.empty()) return fail(validation_failed(std::move(errors)));
  return rule;
}

}  // namespace simhost::rules
