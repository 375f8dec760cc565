// The list of schedules: what clients see and change.
#include <host/plan/schedules.hpp>

#include <algorithm>
#include <utility>

#include <host/base/limits.hpp>
#include <host/base/log.hpp>
#include <host/base/shape.hpp>

namespace simhost::plan {

namespace {

constexpr std::string_view kind = "schedule";

tl::unexpected<Error> unknown(std::string_view id_or_name) {
  return fail("not_found", "there is no schedule " + std::string(id_or_name) + "; GET /v1/schedules lists them");
}

}  // namespace

Schedules::Schedules(Hands hands, store::Store& store, const Clock& clock, std::size_t schedules_max)
    : hands_(std::move(hands)), store_(store), clock_(clock), schedules_max_(schedules_max), ids_(clock) {
  hands_.registry.on_birth(this, [this](const session::Session& session) { return is_born(session); });
}

Outcome Schedules::load() {
  auto documents = store_.load(kind);
  if (!documents) return fail(documents.error());
  const std::lock_guard lock(mutex_);
  const auto now_ns = clock_.wall_ns();
  for (const auto& document : *documents) {
    auto schedule = schedule_of(document.value);
    if (!schedule) {
      log_error("plan", "a stored schedule cannot be read", {{"key", document.key}, {"why", schedule.error().detail}});
      continue;
    }
    // What came due while nobody looked: done once by the first look, or left out.
    const bool missed = schedule->next_wall_ns && *schedule->next_wall_ns < now_ns;
    if (schedule->enabled && missed && schedule->missed == Missed::skip) {
      schedule->next_wall_ns = next_wall(*schedule, now_ns);
      if (schedule->once()) schedule->enabled = false;
      store_.put(kind, schedule->id, to_document(*schedule));
    }
    entries_.push_back(std::make_unique<Entry>(Entry{std::move(*schedule), false}));
  }
  return {};
}

void Schedules::keep(const Schedule& schedule) { store_.put(kind, schedule.id, to_document(schedule)); }

Schedules::Entry* Schedules::at(std::string_view id_or_name) const {
  for (const auto& entry : entries_)
    if (entry->schedule.id == id_or_name || entry->schedule.name == id_or_name) return entry.get();
  return nullptr;
}

std::optional<Schedule> Schedules::find(std::string_view id_or_name) const {
  const std::lock_guard lock(mutex_);
  const auto* found = at(id_or_name);
  return found == nullptr ? std::nullopt : std::optional(found->schedule);
}

std::vector<Schedule> Schedules::list() const {
  const std::lock_guard lock(mutex_);
  std::vector<Schedule> all;
  for (const auto& entry : entries_) all.push_back(entry->schedule);
  return all;
}

Value Schedules::show(const Schedule& schedule) const {
  const auto session = hands_.registry.find(schedule.session);
  return plan::show(schedule, session == nullptr ? std::nullopt : std::optional(calendar_of(schedule, *session)));
}

// Its next time; one that does not come any more is an error when it is asked for.
Outcome Schedules::plan(Schedule& schedule) {
  schedule.next_wall_ns.reset();
  schedule.next_tick.reset();
  if (!schedule.enabled) return {};
  if (schedule.clock == ClockKind::wall) {
    schedule.next_wall_ns = next_wall(schedule, clock_.wall_ns());
    if (schedule.next_wall_ns) return {};
  } else {
    const auto session = hands_.registry.find(schedule.session);
    if (session == nullptr) return fail("not_found", "the session of this schedule is deleted");
    schedule.next_tick = next_tick(schedule, calendar_of(schedule, *session), session->tick());
    if (schedule.next_tick) return {};
  }
  return fail("tick_passed", "the time of this schedule lies behind");
}

Outcome Schedules::admit(Schedule& schedule, std::string_view own_id) {
  const auto* other = at(schedule.name);
  if (other != nullptr && other->schedule.id != own_id)
    return fail("name_taken", "another schedule is called " + schedule.name);
  return plan(schedule);
}

// Its session is held anew, before anybody is told of the change: what is asked of the session after that finds it so.
void Schedules::touch(const std::string& session) {
  const auto watch = waits_for(session) ? watches_.try_emplace(session).first : watches_.find(session);
  if (watch != watches_.end()) {
    watch->second.dirty = true;
    if (!watch->second.busy) arm(session, watch->second);
  }
  news_ = true;
  changed_.notify_one();
}

Result<Schedule> Schedules::create(const Value& body) {
  auto schedule =
      parse_schedule(body, hands_.registry, [this](auto which) { return hands_.scenarios.find(which).has_value(); });
  if (!schedule) return schedule;
  const std::lock_guard lock(mutex_);
  if (entries_.size() >= schedules_max_)
    return fail("limit_reached", "at most " + std::to_string(schedules_max_) + " schedules; delete one first");
  schedule->id = ids_.next();
  schedule->created_wall_ns = schedule->updated_wall_ns = clock_.wall_ns();
  if (auto admitted = admit(*schedule, ""); !admitted) return fail(admitted.error());
  keep(*schedule);
  entries_.push_back(std::make_unique<Entry>(Entry{*schedule, false}));
  touch(schedule->session);
  return schedule;
}

Result<Schedule> Schedules::replace(std::string_view id_or_name, const Value& body) {
  if (!find(id_or_name)) return unknown(id_or_name);
  auto schedule =
      parse_schedule(body, hands_.registry, [this](auto which) { return hands_.scenarios.find(which).has_value(); });
  if (!schedule) return schedule;
  const std::lock_guard lock(mutex_);
  auto* found = at(id_or_name);
  if (found == nullptr) return unknown(id_or_name);
  schedule->id = found->schedule.id;
  schedule->created_wall_ns = found->schedule.created_wall_ns;
  schedule->updated_wall_ns = clock_.wall_ns();
  schedule->last_run = found->schedule.last_run;
  if (auto admitted = admit(*schedule, schedule->id); !admitted) return fail(admitted.error());
  const auto before = std::exchange(found->schedule, *schedule).session;
  keep(*schedule);
  if (before != schedule->session) touch(before);
  touch(schedule->session);
  return schedule;
}

Result<Schedule> Schedules::enable(std::string_view id_or_name, const Value& body) {
  FieldErrors errors;
  ObjectReader r(body, "", errors);
  const auto enabled = r.boolean("enabled");
  r.finish();
  const std::lock_guard lock(mutex_);
  auto* found = at(id_or_name);
  if (found == nullptr) return unknown(id_or_name);
  if (!errors.empty()) return fail(validation_failed(std::move(errors)));
  if (!enabled || *enabled == found->schedule.enabled) return found->schedule;
  Schedule changed = found->schedule;
  changed.enabled = *enabled;
  changed.updated_wall_ns = clock_.wall_ns();
  if (auto planned = plan(changed); !planned) return fail(planned.error());
  found->schedule = std::move(changed);
  keep(found->schedule);
  touch(found->schedule.session);
  return found->schedule;
}

Outcome Schedules::remove(std::string_view id_or_name) {
  const std::lock_guard lock(mutex_);
  const auto* found = at(id_or_name);
  if (found == nullptr) return unknown(id_or_name);
  const std::string session = found->schedule.session;
  store_.erase(kind, found->schedule.id);
  std::erase_if(entries_, [&](const auto& entry) { return entry.get() == found; });
  touch(session);
  return {};
}

}  // namespace simhost::plan
