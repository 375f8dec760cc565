// Reads, shows and keeps schedules.
#include <host/plan/schedule.hpp>

#include <host/base/clock.hpp>
#include <host/base/limits.hpp>
#include <host/base/nearest.hpp>
#include <host/base/pointer.hpp>
#include <host/base/shape.hpp>
#include <host/plan/action.hpp>
#include <host/plan/zone.hpp>

namespace simhost::plan {

namespace {

constexpr std::string_view kinds[] = {"at", "cron", "time_s", "every_s"};

std::optional<std::int64_t> read_time(ObjectReader& r, std::string_view key) {
  const auto text = r.text(key);
  if (!text) return {};
  const auto time = parse_utc(*text);
  if (!time) r.refuse(key, "invalid_format", "a time is written like 2026-11-21T14:00:00Z");
  return time;
}

void read_cron(ObjectReader& r, When& when) {
  if (const auto text = r.text("cron", {.min_chars = 1, .max_chars = limits::cron_chars})) {
    auto cron = Cron::parse(*text);
    if (cron)
      when.cron = *cron;
    else
      r.refuse("cron", cron.error().code, cron.error().detail);
  }
  if (const auto zone = r.text("timezone", {.min_chars = 1, .max_chars = limits::name_chars})) {
    when.timezone = *zone;
    if (const auto there = check_zone(*zone); !there) r.refuse("timezone", there.error().code, there.error().detail);
  }
}

When read_when(const Value& value, std::string pointer, FieldErrors& errors) {
  ObjectReader r(value, std::move(pointer), errors);
  When when;
  int given = 0;
  for (std::size_t i = 0; i < std::size(kinds); ++i)
    if (r.has(kinds[i])) {
      when.kind = static_cast<When::Kind>(i);
      ++given;
    }
  if (value.is_object() && given != 1) r.refuse("", "not_valid", "one of at, cron, time_s and every_s says when");
  when.at_wall_ns = read_time(r, "at").value_or(0);
  read_cron(r, when);
  if (const auto s = r.number("time_s", {.min = 0, .max = limits::scenario_s})) when.s = *s;
  if (const auto s = r.number("every_s", {.min = limits::schedule_every_s, .max = limits::scenario_s})) when.s = *s;
  if (r.has("timezone") && when.kind != When::Kind::cron)
    r.refuse("timezone", "not_valid", "only cron has a time zone");
  r.finish();
  return when;
}

// Everything but name, session and actions.
void read_timing(ObjectReader& r, FieldErrors& errors, Schedule& schedule) {
  if (const Value* when = r.object("when")) {
    schedule.when_value = *when;
    schedule.when = read_when(*when, r.pointer("when"), errors);
  }
  const auto kind = schedule.when.kind;
  const bool by_calendar = kind == When::Kind::at || kind == When::Kind::cron;
  schedule.clock = by_calendar ? ClockKind::wall : ClockKind::simulated;
  if (const auto clock = r.choice("clock", {"wall", "simulated"})) schedule.clock = static_cast<ClockKind>(*clock);
  if (kind == When::Kind::time_s && schedule.clock == ClockKind::wall)
    r.refuse("clock", "not_valid", "time_s is simulated time");
  if (!r.is_null("epoch")) schedule.epoch_wall_ns = read_time(r, "epoch");
  if (schedule.epoch_wall_ns && schedule.clock == ClockKind::wall)
    r.refuse("epoch", "not_valid", "only the simulated calendar has an epoch");
  if (const auto missed = r.choice("missed", {"skip", "run_once"})) schedule.missed = static_cast<Missed>(*missed);
  schedule.enabled = r.boolean("enabled").value_or(true);
}

Value show(const LastRun& run) {
  Value error;
  if (run.error) error = Value::object({{"code", run.error->code}, {"detail", run.error->detail}});
  return Value::object({{"at", format_utc(run.at_wall_ns)},
                        {"tick", run.tick},
                        {"status", run.error ? "failed" : "ok"},
                        {"error", std::move(error)}});
}

LastRun read_last_run(const Value& value, FieldErrors& errors) {
  ObjectReader r(value, "/last_run", errors);
  LastRun run;
  run.at_wall_ns = parse_utc(r.text("at").value_or("")).value_or(0);
  run.tick = static_cast<std::uint64_t>(r.integer("tick", {0, INT64_MAX}).value_or(0));
  if (const Value* error = r.any("error"); error != nullptr && error->is_object()) {
    ObjectReader e(*error, "/last_run/error", errors);
    run.error = Error{e.text("code").value_or(""), e.text("detail").value_or("")};
  }
  return run;
}

template <class T>
Value or_null(const std::optional<T>& value) {
  return value ? Value(*value) : Value();
}

Value time_or_null(const std::optional<std::int64_t>& wall_ns) {
  return wall_ns ? Value(format_utc(*wall_ns)) : Value();
}

}  // namespace

Result<Schedule> parse_schedule(const Value& body, const session::Registry& registry, const KnowsScenario& known) {
  FieldErrors errors;
  ObjectReader r(body, "", errors);
  Schedule schedule;
  for (const auto* key : {"name", "session", "when", "actions"}) r.require(key);
  schedule.name = r.name("name").value_or("");
  read_timing(r, errors, schedule);
  const auto which = r.text("session");
  const auto session = which ? registry.find(*which) : nullptr;
  if (which && session == nullptr) r.refuse("session", "unknown_session", "there is no session " + *which);
  if (session != nullptr) schedule.session = session->id();
  std::string unconfirmed;
  if (const Value* actions = r.array("actions", limits::schedule_actions)) {
    schedule.actions = *actions;
    if (actions->items().empty()) r.refuse("actions", "wrong_length", "a schedule has an action at least");
    if (session != nullptr) unconfirmed = check_actions(*actions, *session, schedule.clock, known, errors);
  }
  r.finish();
  if (!errors.empty()) return fail(validation_failed(std::move(errors)));
  if (!unconfirmed.empty())
    return fail("confirm_required", unconfirmed + " is hazardous; put \"confirm\": true beside its name");
  return schedule;
}

Value show(const Schedule& s, const std::optional<Calendar>& calendar) {
  std::optional<std::int64_t> next = s.next_wall_ns;
  std::optional<double> next_time_s;
  if (s.next_tick && calendar) {
    next = wall_of(*calendar, *s.next_tick);
    next_time_s = static_cast<double>(*s.next_tick) * static_cast<double>(calendar->step_ns) * 1e-9;
  }
  return Value::object({{"id", s.id},
                        {"name", s.name},
                        {"session", s.session},
                        {"when", s.when_value},
                        {"clock", s.clock == ClockKind::wall ? "wall" : "simulated"},
                        {"epoch", time_or_null(s.epoch_wall_ns)},
                        {"missed", s.missed == Missed::skip ? "skip" : "run_once"},
                        {"actions", s.actions},
                        {"enabled", s.enabled},
                        {"next_at", time_or_null(next)},
                        {"next_time_s", or_null(next_time_s)},
                        {"last_run", s.last_run ? show(*s.last_run) : Value()},
                        {"created_at", format_utc(s.created_wall_ns)},
                        {"updated_at", format_utc(s.updated_wall_ns)}});
}

Value to_document(const Schedule& s) {
  Value document = show(s, std::nullopt);
  document.set("created_wall_ns", s.created_wall_ns).set("updated_wall_ns", s.updated_wall_ns);
  return document.set("next_wall_ns", or_null(s.next_wall_ns));
}

Result<Schedule> schedule_of(const Value& document) {
  FieldErrors errors;
  ObjectReader r(document, "", errors);
  Schedule schedule;
  for (const auto* key : {"id", "name", "session", "when", "actions"}) r.require(key);
  schedule.id = r.text("id").value_or("");
  schedule.name = r.text("name").value_or("");
  schedule.session = r.text("session").value_or("");
  read_timing(r, errors, schedule);
  if (const Value* actions = r.array("actions", limits::schedule_actions)) schedule.actions = *actions;
  schedule.created_wall_ns = r.integer("created_wall_ns").value_or(0);
  schedule.updated_wall_ns = r.integer("updated_wall_ns").value_or(0);
  if (!r.is_null("next_wall_ns")) schedule.next_wall_ns = r.integer("next_wall_ns");
  if (const Value* run = r.any("last_run"); run != nullptr && run->is_object())
    schedule.last_run = read_last_run(*run, errors);
  if (!errors.empty()) return fail(validation_failed(std::move(errors)));
  return schedule;
}

}  // namespace simhost::plan
