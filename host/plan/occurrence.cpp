// When a schedule's time comes: on the wall clock, and in ticks of a session.
#include <cmath>

#include <host/plan/schedule.hpp>
#include <host/plan/zone.hpp>

namespace simhost::plan {

namespace {

constexpr double ns_per_s = 1e9;

std::uint64_t tick_of(double time_s, std::int64_t step_ns) {
  return static_cast<std::uint64_t>(std::llround(time_s * ns_per_s / static_cast<double>(step_ns)));
}

// The first tick that is not before a time of the calendar; nothing for one before it begins.
std::optional<std::uint64_t> tick_at(std::int64_t wall_ns, const Calendar& calendar) {
  if (wall_ns < calendar.epoch_wall_ns) return {};
  // From one end of the calendar to the other is more than a signed number holds.
  const auto since = static_cast<std::uint64_t>(wall_ns) - static_cast<std::uint64_t>(calendar.epoch_wall_ns);
  const auto step = static_cast<std::uint64_t>(calendar.step_ns);
  return since / step + (since % step == 0 ? 0 : 1);
}

// The first multiple, from the first on, whose tick is not before from.
std::uint64_t next_multiple(double every_s, std::int64_t step_ns, std::uint64_t from) {
  const double from_s = static_cast<double>(from) * static_cast<double>(step_ns) / ns_per_s;
  auto k = std::max(1.0, std::floor(from_s / every_s));
  while (tick_of(k * every_s, step_ns) < from) k += 1;
  return tick_of(k * every_s, step_ns);
}

}  // namespace

std::optional<std::int64_t> wall_of(const Calendar& calendar, std::uint64_t tick) {
  constexpr double end_ns = 9.2e18;
  const double time_ns = static_cast<double>(tick) * static_cast<double>(calendar.step_ns);
  if (time_ns + static_cast<double>(calendar.epoch_wall_ns) > end_ns) return {};
  const auto since = tick * static_cast<std::uint64_t>(calendar.step_ns);
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(calendar.epoch_wall_ns) + since);
}

Calendar calendar_of(const Schedule& schedule, const session::Session& session) {
  return {schedule.epoch_wall_ns.value_or(session.created_wall_ns()), session.step_ns()};
}

std::optional<std::int64_t> next_wall(const Schedule& schedule, std::int64_t after_wall_ns) {
  const auto& when = schedule.when;
  if (when.kind == When::Kind::at)
    return when.at_wall_ns > after_wall_ns ? std::optional(when.at_wall_ns) : std::nullopt;
  if (when.kind == When::Kind::cron) return next_time(when.cron, when.timezone, after_wall_ns);
  const auto every_ns = std::llround(when.s * ns_per_s);
  const auto since = after_wall_ns - schedule.created_wall_ns;
  return schedule.created_wall_ns + (since < 0 ? 1 : since / every_ns + 1) * every_ns;
}

std::optional<std::uint64_t> next_tick(const Schedule& schedule, const Calendar& calendar, std::uint64_t from_tick) {
  const auto& when = schedule.when;
  if (when.kind == When::Kind::every_s) return next_multiple(when.s, calendar.step_ns, from_tick);
  std::optional<std::uint64_t> tick;
  if (when.kind == When::Kind::time_s) tick = tick_of(when.s, calendar.step_ns);
  if (when.kind == When::Kind::at) tick = tick_at(when.at_wall_ns, calendar);
  if (when.kind == When::Kind::cron) {
    // Its time is after that of the tick before.
    const auto from = wall_of(calendar, from_tick);
    if (const auto time = from ? next_time(when.cron, when.timezone, *from - calendar.step_ns) : std::nullopt)
      tick = tick_at(*time, calendar);
  }
  return tick && *tick >= from_tick ? tick : std::nullopt;
}

}  // namespace simhost::plan
