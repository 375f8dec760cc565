/// Wall time as clients read it: ISO 8601 in UTC, and Unix seconds.
#pragma once

#include <sim/cpp/version.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>

namespace sim::inline sdk_v1_0 {

/// Unix seconds with microseconds.
inline double unix_s(std::int64_t wall_ns) noexcept { return static_cast<double>(wall_ns / 1000) / 1e6; }

/// "2026-01-31T12:00:00.123456Z"; the fraction is left out where it is 0. mark: between date and time.
inline std::string iso_time(std::int64_t wall_ns, char mark = 'T') {
  namespace chrono = std::chrono;
  const chrono::sys_time<chrono::microseconds> at{chrono::floor<chrono::microseconds>(chrono::nanoseconds(wall_ns))};
  const auto day = chrono::floor<chrono::days>(at);
  const chrono::year_month_day date{day};
  const chrono::hh_mm_ss time{at - day};
  const auto pad = [](std::string& to, std::int64_t number, std::size_t digits) {
    const std::string text = std::to_string(number);
    to.append(text.size() < digits ? digits - text.size() : 0, '0').append(text);
  };
  std::string text;
  pad(text, static_cast<int>(date.year()), 4);
  const std::pair<char, std::int64_t> parts[] = {{'-', static_cast<unsigned>(date.month())},
                                                 {'-', static_cast<unsigned>(date.day())},
                                                 {mark, time.hours().count()},
                                                 {':', time.minutes().count()},
                                                 {':', time.seconds().count()}};
  for (const auto& [before, number] : parts) {
    text += before;
    pad(text, number, 2);
  }
  if (const auto fraction = time.subseconds().count(); fraction != 0) {
    text += '.';
    pad(text, fraction, 6);
  }
  return text += 'Z';
}

}  // namespace sim::inline sdk_v1_0
