// Reads timelines against a descriptor and turns them into programs.
#include <host/plan/scenario.hpp>

#include <algorithm>
#include <cmath>

#include <host/base/clock.hpp>
#include <host/base/limits.hpp>
#include <host/base/nearest.hpp>
#include <host/base/pointer.hpp>
#include <host/base/shape.hpp>
#include <host/session/values.hpp>

namespace simhost::plan {

namespace {

using engine::Cue;

constexpr NumberRule time_rule{.min = 0, .max = limits::scenario_s};
constexpr NumberRule span_rule{.max = limits::scenario_s, .above = 0};

// A cue with its times in seconds.
struct Entry {
  double t_s = 0, over_s = 0;
  Cue cue;
};

// What reading a timeline gives and what it stands on.
struct Reading {
  const plugin::Descriptor& descriptor;
  FieldErrors& errors;
  std::vector<Entry> entries;
  std::uint32_t results = 0;
  std::string unconfirmed;  // a hazardous command that nobody confirmed
};

void read_set(const Value& set, const std::string& pointer, double t_s, Reading& reading) {
  for (const auto& member : set.members()) {
    const auto* variable =
        session::find_writable(reading.descriptor, 0, session::Moment::running, member, pointer, reading.errors);
    if (variable == nullptr) continue;
    const auto place = child_pointer(pointer, member.key);
    if (member.value.is_array()) {
      add_wrong_type(reading.errors, place, "one value, which holds for every lane the scenario runs on", member.value);
      continue;
    }
    Entry entry{t_s, 0, {}};
    entry.cue.id = variable->id;
    entry.cue.value = session::read_scalar(*variable, member.value, place, reading.errors);
    reading.entries.push_back(std::move(entry));
  }
}

void read_ramp(const Value& ramp, const std::string& pointer, double t_s, Reading& reading) {
  for (const auto& member : ramp.members()) {
    const auto* variable =
        session::find_writable(reading.descriptor, 0, session::Moment::running, member, pointer, reading.errors);
    if (variable == nullptr) continue;
    ObjectReader r(member.value, child_pointer(pointer, member.key), reading.errors);
    if (variable->type != SIM_REAL)
      r.refuse("", "wrong_type", variable->name + " has no values between two others: set it");
    r.require("to");
    r.require("over_s");
    Entry entry{t_s, r.number("over_s", span_rule).value_or(1), {}};
    entry.cue.kind = Cue::Kind::ramp;
    entry.cue.id = variable->id;
    if (const Value* to = r.any("to"))
      entry.cue.value = session::read_scalar(*variable, *to, r.pointer("to"), reading.errors);
    r.finish();
    reading.entries.push_back(std::move(entry));
  }
}

void read_command(const Value& value, const std::string& pointer, double t_s, Reading& reading) {
  ObjectReader r(value, pointer, reading.errors);
  r.require("name");
  const auto name = r.text("name");
  const Value* args = r.object("args");
  const bool confirmed = r.boolean("confirm").value_or(false);
  r.finish();
  if (!name) return;
  const auto* command = reading.descriptor.find_command(*name);
  if (command == nullptr) {
    std::vector<std::string_view> known;
    for (const auto& c : reading.descriptor.commands) known.push_back(c.name);
    return r.refuse("name", "unknown_command", unknown_name_text("command", *name, known));
  }
  if ((command->states & SIM_STATE_RUNNING) == 0)
    r.refuse("name", "not_valid", command->name + " is not possible while a session runs");
  if ((command->flags & SIM_COMMAND_HAZARDOUS) != 0 && !confirmed) reading.unconfirmed = command->name;
  Entry entry{t_s, 0, {}};
  entry.cue.kind = Cue::Kind::command;
  entry.cue.id = command->id;
  entry.cue.args = session::read_args(args, *command, r.pointer("args"), reading.errors);
  reading.results = std::max(reading.results, static_cast<std::uint32_t>(command->results.size()));
  reading.entries.push_back(std::move(entry));
}

// Gives the time of the entry, which the next one's may not be before.
double read_entry(const Value& value, const std::string& pointer, double after_s, Reading& reading) {
  ObjectReader r(value, pointer, reading.errors);
  r.require("t_s");
  const auto t_s = r.number("t_s", time_rule);
  if (t_s && *t_s < after_s) r.refuse("t_s", "value_out_of_range", "the times of a timeline rise");
  const Value* set = r.object("set");
  const Value* ramp = r.object("ramp");
  const Value* command = r.object("command");
  if (value.is_object() && !r.has("set") && !r.has("ramp") && !r.has("command"))
    r.refuse("", "missing", "an entry says what happens: set, ramp or command");
  if (set != nullptr) read_set(*set, r.pointer("set"), t_s.value_or(0), reading);
  if (ramp != nullptr) read_ramp(*ramp, r.pointer("ramp"), t_s.value_or(0), reading);
  if (command != nullptr) read_command(*command, r.pointer("command"), t_s.value_or(0), reading);
  r.finish();
  return std::max(after_s, t_s.value_or(after_s));
}

void read_timeline(const Value& timeline, Reading& reading) {
  double last_s = 0;
  const auto& items = timeline.items();
  for (std::size_t i = 0; i < items.size() && !is_full(reading.errors); ++i)
    last_s = read_entry(items[i], child_pointer("/timeline", i), last_s, reading);
  if (reading.entries.size() > limits::scenario_cues)
    add_error(reading.errors,
              {"/timeline", "limit_reached",
               "at most " + std::to_string(limits::scenario_cues) + " variables and commands in all its entries"});
}

void check_period(const Scenario& scenario, double last_s, ObjectReader& r) {
  if (scenario.repeat && scenario.period_s == 0 && !r.has("period_s"))
    r.refuse("period_s", "missing", "a scenario that repeats needs its period_s");
  if (scenario.repeat && scenario.period_s > 0 && scenario.period_s <= last_s)
    r.refuse("period_s", "value_out_of_range", "the period ends after the last entry");
}

std::uint64_t ticks_of(double s, std::int64_t step_ns) {
  return static_cast<std::uint64_t>(std::llround(s * 1e9 / static_cast<double>(step_ns)));
}

// Everything but the model-bound part of a body.
Scenario read_head(ObjectReader& r) {
  Scenario scenario;
  for (const auto* key : {"name", "model", "timeline"}) r.require(key);
  scenario.name = r.name("name").value_or("");
  scenario.model = r.text("model").value_or("");
  scenario.repeat = r.boolean("repeat").value_or(false);
  if (!r.is_null("period_s")) scenario.period_s = r.number("period_s", span_rule).value_or(0);
  if (const Value* timeline = r.array("timeline", limits::scenario_entries)) scenario.timeline = *timeline;
  if (scenario.timeline.is_array() && scenario.timeline.items().empty())
    r.refuse("timeline", "wrong_length", "a timeline has an entry at least");
  return scenario;
}

}  // namespace

Result<Scenario> parse_scenario(const Value& body, const session::Models& models) {
  FieldErrors errors;
  ObjectReader r(body, "", errors);
  Scenario scenario = read_head(r);
  std::string unconfirmed;
  const auto model = models.find(scenario.model);
  if (model == nullptr && r.has("model") && r.any("model")->is_string()) {
    const auto all = models.list();
    std::vector<std::string_view> known;
    for (const auto& m : all) known.push_back(m->id());
    r.refuse("model", "unknown_model", unknown_name_text("model", scenario.model, known));
  }
  if (model != nullptr && scenario.timeline.is_array()) {
    Reading reading{model->descriptor, errors, {}, 0, {}};
    read_timeline(scenario.timeline, reading);
    check_period(scenario, reading.entries.empty() ? 0 : reading.entries.back().t_s, r);
    unconfirmed = reading.unconfirmed;
  }
  r.finish();
  if (!errors.empty()) return fail(validation_failed(std::move(errors)));
  if (!unconfirmed.empty())
    return fail("confirm_required", unconfirmed + " is hazardous; put \"confirm\": true beside its name");
  return scenario;
}

Result<engine::Script> compile(const Scenario& scenario, const session::Model& model, std::int64_t step_ns) {
  FieldErrors errors;
  Reading reading{model.descriptor, errors, {}, 0, {}};
  if (scenario.timeline.is_array()) read_timeline(scenario.timeline, reading);
  engine::Script script;
  script.results = reading.results;
  for (auto& entry : reading.entries) {
    entry.cue.at = ticks_of(entry.t_s, step_ns);
    if (entry.cue.kind == Cue::Kind::ramp)
      entry.cue.ticks = std::max<std::uint64_t>(1, ticks_of(entry.over_s, step_ns));
    script.cues.push_back(std::move(entry.cue));
  }
  if (scenario.repeat) script.period = ticks_of(scenario.period_s, step_ns);
  if (script.cues.empty()) add_error(errors, {"/timeline", "wrong_length", "nothing happens in this timeline"});
  if (scenario.repeat && !script.cues.empty() && script.period <= script.cues.back().at)
    add_error(errors, {"/period_s", "value_out_of_range", "the session's step is too long for this period"});
  if (errors.empty()) return script;
  Error error = validation_failed(std::move(errors));
  error.detail = "the scenario does not fit the session: " + error.detail;
  return fail(std::move(error));
}

Value show(const Scenario& s) {
  return Value::object({{"id", s.id},
                        {"name", s.name},
                        {"model", s.model},
                        {"timeline", s.timeline},
                        {"repeat", s.repeat},
                        {"period_s", s.period_s > 0 ? Value(s.period_s) : Value()},
                        {"created_at", format_utc(s.created_wall_ns)},
                        {"updated_at", format_utc(s.updated_wall_ns)}});
}

Value to_document(const Scenario& s) {
  return Value::object({{"id", s.id},
                        {"name", s.name},
                        {"model", s.model},
                        {"timeline", s.timeline},
                        {"repeat", s.repeat},
                        {"period_s", s.period_s},
                        {"created_wall_ns", s.created_wall_ns},
                        {"updated_wall_ns", s.updated_wall_ns}});
}

Result<Scenario> scenario_of(const Value& document) {
  FieldErrors errors;
  ObjectReader r(document, "", errors);
  Scenario scenario;
  for (const auto* key : {"id", "name", "model", "timeline"}) r.require(key);
  scenario.id = r.text("id").value_or("");
  scenario.name = r.text("name").value_or("");
  scenario.model = r.text("model").value_or("");
  scenario.repeat = r.boolean("repeat").value_or(false);
  scenario.period_s = r.number("period_s").value_or(0);
  if (const Value* timeline = r.array("timeline", limits::scenario_entries)) scenario.timeline = *timeline;
  scenario.created_wall_ns = r.integer("created_wall_ns").value_or(0);
  scenario.updated_wall_ns = r.integer("updated_wall_ns").value_or(0);
  if (!errors.empty()) return fail(validation_failed(std::move(errors)));
  return scenario;
}

}  // namespace simhost::plan
