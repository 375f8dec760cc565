/// Numbers and times as text, without locale.
#include "wire_text.hpp"

#include <charconv>
#include <chrono>
#include <cmath>

namespace bldc_motor {
namespace {

void append_number(std::string& to, std::int64_t number, int digits) {
  std::string text = std::to_string(number);
  to.append(text.size() < static_cast<std::size_t>(digits) ? static_cast<std::size_t>(digits) - text.size() : 0, '0');
  to += text;
}

}  // namespace

void put_real(sim::Json& json, double value) {
  if (!std::isfinite(value)) {
    json.value(value);  // null, and marked as a fault
    return;
  }
  // Digits as people write them, where that is not long.
  const double size = std::abs(value);
  const bool plain = size == 0 || (size >= 1e-5 && size < 1e16);
  char text[64];
  char* const last = text + sizeof text - 2;
  char* end =
      plain ? std::to_chars(text, last, value, std::chars_format::fixed).ptr : std::to_chars(text, last, value).ptr;
  if (std::string_view(text, static_cast<std::size_t>(end - text)).find_first_of(".e") == std::string_view::npos) {
    *end++ = '.';
    *end++ = '0';
  }
  json.raw({text, static_cast<std::size_t>(end - text)});
}

void put_real(sim::Json& json, std::string_view key, double value) {
  json.key(key);
  put_real(json, value);
}

double unix_s(std::int64_t wall_ns) noexcept { return static_cast<double>(wall_ns / 1000) / 1e6; }

void put_time(sim::Json& json, std::int64_t wall_ns) { put_real(json, "timestamp", unix_s(wall_ns)); }

std::string iso_time(std::int64_t wall_ns) {
  using namespace std::chrono;
  const sys_time<microseconds> at{floor<microseconds>(nanoseconds(wall_ns))};
  const auto day = floor<days>(at);
  const year_month_day date{day};
  const hh_mm_ss time{at - day};
  std::string text;
  append_number(text, static_cast<int>(date.year()), 4);
  const std::pair<char, std::int64_t> parts[] = {{'-', static_cast<unsigned>(date.month())},
                                                 {'-', static_cast<unsigned>(date.day())},
                                                 {'T', time.hours().count()},
                                                 {':', time.minutes().count()},
                                                 {':', time.seconds().count()}};
  for (const auto& [mark, number] : parts) {
    text += mark;
    append_number(text, number, 2);
  }
  if (const auto fraction = time.subseconds().count(); fraction != 0) {
    text += '.';
    append_number(text, fraction, 6);
  }
  return text += 'Z';
}

}  // namespace bldc_motor
