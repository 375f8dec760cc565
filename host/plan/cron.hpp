// Five-field cron: minute, hour, day of month, month, day of week; and the local times it means.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include <host/base/error.hpp>

namespace simhost::plan {

// A local date and time, to the minute.
struct LocalMinute {
  std::int32_t year = 1970;
  std::uint32_t month = 1, day = 1, hour = 0, minute = 0;
  friend auto operator<=>(const LocalMinute&, const LocalMinute&) = default;
};

// Lists, ranges, steps and the names of months and days. With both days given, either will do; Sunday is 0 and 7.
class Cron {
 public:
  // The error's detail says which field is wrong and why; a date that never comes is an error too.
  static Result<Cron> parse(std::string_view text);

  // The first local minute it means that is not before from; the calendar alone, no zone. Nothing: none comes.
  [[nodiscard]] std::optional<LocalMinute> next(LocalMinute from) const;

 private:
  [[nodiscard]] bool has_day(std::int32_t year, std::uint32_t month, std::uint32_t day) const;

  std::uint64_t minutes_ = 0, hours_ = 0, days_ = 0, months_ = 0, weekdays_ = 0;  // bit n: n is meant
  bool any_day_ = false, any_weekday_ = false;
};

}  // namespace simhost::plan
