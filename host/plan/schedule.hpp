// A schedule: when something is to happen to a session, and what.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include <host/base/error.hpp>
#include <host/base/value.hpp>
#include <host/plan/cron.hpp>
#include <host/session/registry.hpp>

namespace simhost::plan {

enum class ClockKind : std::uint8_t { wall, simulated };
enum class Missed : std::uint8_t { skip, run_once };

struct When {
  enum class Kind : std::uint8_t { at, cron, time_s, every_s };
  Kind kind = Kind::at;
  std::int64_t at_wall_ns = 0;
  Cron cron;
  std::string timezone = "UTC";
  double s = 0;  // of time_s and every_s
};

struct LastRun {
  std::int64_t at_wall_ns = 0;
  std::uint64_t tick = 0;
  std::optional<Error> error;  // none: it ran to its end
};

struct Schedule {
  std::string id, name, session;  // session: its id
  Value when_value;               // as it was given
  When when;
  ClockKind clock = ClockKind::wall;
  std::optional<std::int64_t> epoch_wall_ns;  // of the simulated calendar; none: the session's creation
  Missed missed = Missed::skip;
  Value actions;  // as they were given, an array
  bool enabled = true;
  std::int64_t created_wall_ns = 0, updated_wall_ns = 0;
  std::optional<std::int64_t> next_wall_ns;  // of the wall clock
  std::optional<std::uint64_t> next_tick;    // of simulated time, while the session is there
  std::optional<LastRun> last_run;

  [[nodiscard]] bool once() const noexcept { return when.kind == When::Kind::at || when.kind == When::Kind::time_s; }
};

// Where simulated time begins on the calendar, and how long a tick is.
struct Calendar {
  std::int64_t epoch_wall_ns = 0, step_ns = 1;
};
// Nothing where the calendar does not reach (beyond the year 2261).
std::optional<std::int64_t> wall_of(const Calendar& calendar, std::uint64_t tick);
Calendar calendar_of(const Schedule& schedule, const session::Session& session);

// The first time after after_wall_ns; the first tick from from_tick on. Nothing: it does not come any more.
std::optional<std::int64_t> next_wall(const Schedule& schedule, std::int64_t after_wall_ns);
std::optional<std::uint64_t> next_tick(const Schedule& schedule, const Calendar& calendar, std::uint64_t from_tick);

// The body of POST and PUT /v1/schedules. known: whether there is a scenario of this id or name.
using KnowsScenario = std::function<bool(std::string_view)>;
Result<Schedule> parse_schedule(const Value& body, const session::Registry& registry, const KnowsScenario& known);

// calendar: of its session, when that is there.
Value show(const Schedule& schedule, const std::optional<Calendar>& calendar);
Value to_document(const Schedule& schedule);
Result<Schedule> schedule_of(const Value& document);

}  // namespace simhost::plan
