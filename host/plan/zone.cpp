// The one place that asks the library of time zones; its exceptions end here.
#include <host/plan/zone.hpp>

#include <chrono>
#include <exception>
#include <string_view>
#include <vector>

#include <date/tz.h>

#include <host/base/nearest.hpp>

namespace simhost::plan {

namespace {

using std::chrono::seconds;

const date::time_zone* find_zone(const std::string& name) {
  try {
    return date::locate_zone(name);
  } catch (const std::exception&) {
    return nullptr;
  }
}

LocalMinute minute_of(date::local_seconds at) {
  const auto day = date::floor<date::days>(at);
  const date::year_month_day d(day);
  const date::hh_mm_ss<seconds> time(at - day);
  return {static_cast<int>(d.year()), static_cast<unsigned>(d.month()), static_cast<unsigned>(d.day()),
          static_cast<std::uint32_t>(time.hours().count()), static_cast<std::uint32_t>(time.minutes().count())};
}

date::local_seconds time_of(const LocalMinute& at) {
  const date::year_month_day d = date::year{at.year} / static_cast<int>(at.month) / static_cast<int>(at.day);
  return date::local_days(d) + std::chrono::hours(at.hour) + std::chrono::minutes(at.minute);
}

std::optional<date::sys_seconds> next_in(const Cron& cron, const date::time_zone& zone, date::sys_seconds after) {
  // A minute at a time: what is skipped or was already passed in the first of two equal hours is left out.
  auto from = date::floor<std::chrono::minutes>(zone.to_local(after)) + std::chrono::minutes(0);
  constexpr int tries = 600;  // more than the minutes that any change of clocks skips or doubles
  for (int i = 0; i < tries; ++i) {
    const auto found = cron.next(minute_of(date::local_seconds(from)));
    if (!found) return {};
    const auto local = time_of(*found);
    const auto info = zone.get_info(local);
    const date::sys_seconds time(local.time_since_epoch() - info.first.offset);
    if (info.result != date::local_info::nonexistent && time > after) return time;
    from = date::floor<std::chrono::minutes>(local) + std::chrono::minutes(1);
  }
  return {};
}

}  // namespace

Outcome check_zone(const std::string& name) {
  if (find_zone(name) != nullptr) return {};
  try {
    std::vector<std::string_view> known;
    for (const auto& zone : date::get_tzdb().zones) known.emplace_back(zone.name());
    return fail("not_in_enum", unknown_name_text("time zone", name, known));
  } catch (const std::exception&) {
    return fail("not_in_enum", "there is no time zone " + name + ": the system has no tables of time zones");
  }
}

std::optional<std::int64_t> next_time(const Cron& cron, const std::string& zone, std::int64_t after_ns) {
  const auto* found = find_zone(zone);
  if (found == nullptr) return {};
  try {
    const auto after =
        date::floor<seconds>(date::sys_time<std::chrono::nanoseconds>(std::chrono::nanoseconds(after_ns)));
    const auto next = next_in(cron, *found, after);
    constexpr auto end = std::chrono::duration_cast<seconds>(std::chrono::nanoseconds::max());
    if (!next || next->time_since_epoch() > end) return {};
    return std::chrono::nanoseconds(next->time_since_epoch()).count();
  } catch (const std::exception&) {
    return {};
  }
}

}  // namespace simhost::plan
