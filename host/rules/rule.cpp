// Reads rules against the descriptor of what they are about.
#include <host/rules/rule.hpp>

#include <array>

#include <host/base/limits.hpp>
#include <host/base/nearest.hpp>
#include <host/base/pointer.hpp>
#include <host/base/shape.hpp>
#include <host/rules/limits.hpp>
#include <host/rules/message.hpp>
#include <host/session/values.hpp>

namespace simhost::rules {

namespace {

using Kind = When::Kind;
constexpr std::array<std::string_view, 5> kinds{"above", "below", "outside", "equals", "change"};

const plugin::Variable* find_variable(ObjectReader& r, std::string_view key, const plugin::Descriptor& descriptor) {
  const auto name = r.text(key);
  if (!name) return nullptr;
  const auto* variable = descriptor.find(*name);
  if (variable != nullptr) return variable;
  std::vector<std::string_view> known;
  for (const auto& v : descriptor.variables) known.push_back(v.name);
  r.refuse(key, "unknown_variable", unknown_name_text("variable", *name, known));
  return nullptr;
}

void read_outside(ObjectReader& r, When& when) {
  const Value* range = r.array("outside", 2);
  if (range == nullptr) return;
  const auto& items = range->items();
  if (items.size() != 2 || !items[0].is_number() || !items[1].is_number() || items[0].number() > items[1].number())
    return r.refuse("outside", "not_valid", "two numbers are needed, the lower first");
  when.low = items[0].number();
  when.high = items[1].number();
}

void read_change(ObjectReader& r, FieldErrors& errors, When& when) {
  const Value* change = r.object("change");
  if (change == nullptr) return;
  ObjectReader c(*change, r.pointer("change"), errors);
  c.require("by");
  when.high = c.number("by", {.min = 0}).value_or(0);
  when.samples = static_cast<std::uint32_t>(c.integer("samples", {1, samples_max}).value_or(1));
  c.finish();
}

// variable: nullptr where it is not known; the shape is read either way.
void read_condition(ObjectReader& r, FieldErrors& errors, const plugin::Variable* variable, When& when) {
  int given = 0;
  for (std::size_t i = 0; i < kinds.size(); ++i)
    if (r.has(kinds[i])) {
      when.kind = static_cast<Kind>(i);
      ++given;
    }
  if (given != 1) return r.refuse("", "not_valid", "one of above, below, outside, equals and change is needed");
  if (when.kind == Kind::above) when.high = r.number("above").value_or(0);
  if (when.kind == Kind::below) when.low = r.number("below").value_or(0);
  if (when.kind == Kind::outside) read_outside(r, when);
  if (when.kind == Kind::change) read_change(r, errors, when);
  if (when.kind == Kind::equals && variable != nullptr)
    when.high = session::read_scalar(*variable, *r.any("equals"), r.pointer("equals"), errors);
  const bool counts = variable == nullptr || variable->type == SIM_REAL || variable->type == SIM_INTEGER;
  if (!counts && when.kind != Kind::equals)
    r.refuse(kinds[static_cast<std::size_t>(when.kind)], "not_valid", variable->name + " is no number: use equals");
}

void read_when(const Value& value, FieldErrors& errors, const plugin::Variable* variable, Rule& rule) {
  ObjectReader r(value, "/when", errors);
  rule.when_value = value;
  if (value.is_object()) read_condition(r, errors, variable, rule.when);
  if (const auto h = r.number("hysteresis", {.min = 0})) rule.when.hysteresis = *h;
  if (const auto s = r.number("for_s", {.min = 0, .max = limits::scenario_s})) rule.when.for_s = *s;
  const bool ranged = rule.when.kind == Kind::above || rule.when.kind == Kind::below || rule.when.kind == Kind::outside;
  if (r.has("hysteresis") && !ranged) r.refuse("hysteresis", "not_valid", "only above, below and outside have one");
  r.finish();
}

// Names of variables: what an alert shows beside the value.
std::vector<std::string> read_with(ObjectReader& r, const plugin::Descriptor& descriptor) {
  std::vector<std::string> names;
  const Value* list = r.array("with", with_max);
  if (list == nullptr) return names;
  std::vector<std::string_view> known;
  for (const auto& v : descriptor.variables) known.push_back(v.name);
  for (const auto& item : list->items()) {
    if (!item.is_string()) return r.refuse("with", "not_valid", "names of variables are needed"), names;
    if (descriptor.find(item.string()) == nullptr)
      r.refuse("with", "unknown_variable", unknown_name_text("variable", item.string(), known));
    names.push_back(item.string());
  }
  return names;
}

// What the rule is about: the model, and how many lanes it may name.
struct Subject {
  session::ModelPointer model;
  std::uint32_t lanes = limits::session_lanes;
};

Subject read_subject(ObjectReader& r, const session::Registry& registry, Rule& rule) {
  Subject subject;
  const auto session = r.text("session");
  const auto model = r.text("model");
  if (r.has("session") == r.has("model"))
    r.refuse("", r.has("session") ? "not_valid" : "missing", "a rule is about one session or about one model");
  if (session) {
    const auto found = registry.find(*session);
    if (found == nullptr) {
      r.refuse("session", "unknown_session", "there is no session " + *session);
    } else {
      rule.session = found->id();
      subject = {found->model(), found->lanes()};
    }
  }
  if (model && !session) {
    rule.model = *model;
    subject.model = registry.models().find(*model);
    const auto all = registry.models().list();
    std::vector<std::string_view> known;
    for (const auto& m : all) known.push_back(m->id());
    if (subject.model == nullptr) r.refuse("model", "unknown_model", unknown_name_text("model", *model, known));
  }
  return subject;
}

void read_saying(ObjectReader& r, Rule& rule) {
  rule.pulse = r.boolean("pulse").value_or(false);
  if (!r.is_null("group")) rule.group = r.name("group").value_or("");
  rule.order = r.integer("order", {-limits::exact_integer, limits::exact_integer}).value_or(0);
  rule.severity = static_cast<Severity>(r.choice("severity", {"info", "warning", "error"}).value_or(1));
  rule.message = r.text("message", {.max_chars = message_chars}).value_or("");
  if (auto good = check_message(rule.message); !good) r.refuse("message", good.error().code, good.error().detail);
}

}  // namespace

std::string_view to_string(Severity severity) noexcept {
  constexpr std::array<std::string_view, 3> names{"info", "warning", "error"};
  return names[static_cast<std::size_t>(severity)];
}

Result<Rule> parse_rule(const Value& body, const session::Registry& registry) {
  FieldErrors errors;
  ObjectReader r(body, "", errors);
  Rule rule;
  for (const auto* key : {"name", "variable", "when"}) r.require(key);
  rule.name = r.name("name").value_or("");
  const auto subject = read_subject(r, registry, rule);
  const plugin::Variable* variable = nullptr;
  if (subject.model != nullptr) {
    variable = find_variable(r, "variable", subject.model->descriptor);
    if (!r.is_null("on")) {
      const auto* on = find_variable(r, "on", subject.model->descriptor);
      if (on != nullptr && on->type != SIM_INTEGER && on->type != SIM_REAL)
        r.refuse("on", "not_valid", on->name + " does not count");
    }
    rule.with = read_with(r, subject.model->descriptor);
  }
  rule.variable = r.text("variable").value_or("");
  if (!r.is_null("on")) rule.on = r.text("on").value_or("");
  rule.lanes = session::read_lanes(r.any("lanes"), r.pointer("lanes"), subject.lanes, errors);
  if (const Value* when = r.object("when")) read_when(*when, errors, variable, rule);
  read_saying(r, rule);
  r.finish();
  if (!errors.empty()) return fail(validation_failed(std::move(errors)));
  return rule;
}

}  // namespace simhost::rules
