/// Numbers and times as text, without locale.
#include "wire_text.hpp"

#include <charconv>
#include <chrono>
#include <cmath>

namespace battery_sensor {
namespace {

void append_digits(std::string& to, std::uint64_t number, int digits) {
  char text[20];
  for (int i = digits; i-- > 0; number /= 10) text[i] = static_cast<char>('0' + number % 10);
  to.append(text, static_cast<std::size_t>(digits));
}

}  // namespace

void append_fixed(std::string& to, double value, int decimals) {
  constexpr std::uint64_t powers[] = {1, 10, 100, 1000, 10000};
  const std::uint64_t power = powers[decimals];
  const double scaled = std::abs(value) * static_cast<double>(power);
  const auto whole = static_cast<std::uint64_t>(std::nearbyint(std::min(scaled, 1e18)));
  if (value < 0 && whole != 0) to += '-';
  char text[24];
  const auto end = std::to_chars(text, text + sizeof text, whole / power).ptr;
  to.append(text, static_cast<std::size_t>(end - text));
  to += '.';
  std::uint64_t fraction = whole % power;
  int digits = decimals;
  for (; digits > 1 && fraction % 10 == 0; --digits) fraction /= 10;
  append_digits(to, fraction, digits);
}

std::string iso_time_ms(std::int64_t wall_ns) {
  using namespace std::chrono;
  const sys_time<milliseconds> at{floor<milliseconds>(nanoseconds(wall_ns))};
  const auto day = floor<days>(at);
  const year_month_day date{day};
  const hh_mm_ss time{at - day};
  std::string text;
  append_digits(text, static_cast<std::uint64_t>(static_cast<int>(date.year())), 4);
  const std::pair<char, std::uint64_t> parts[] = {{'-', static_cast<unsigned>(date.month())},
                                                  {'-', static_cast<unsigned>(date.day())},
                                                  {'T', static_cast<std::uint64_t>(time.hours().count())},
                                                  {':', static_cast<std::uint64_t>(time.minutes().count())},
                                                  {':', static_cast<std::uint64_t>(time.seconds().count())}};
  for (const auto& [mark, number] : parts) {
    text += mark;
    append_digits(text, number, 2);
  }
  text += '.';
  append_digits(text, static_cast<std::uint64_t>(time.subseconds().count()), 3);
  return text += 'Z';
}

}  // namespace battery_sensor
