// Reads the five fields into sets of bits and searches days, hours and minutes in them.
#include <host/plan/cron.hpp>

#include <array>
#include <bit>
#include <charconv>
#include <span>
#include <string>
#include <vector>

#include <date/date.h>

namespace simhost::plan {

namespace {

constexpr std::int32_t search_years = 9;  // a 29th of February may be eight years away

struct Field {
  std::string_view name;
  std::uint32_t min, max;
  std::span<const std::string_view> words;  // the first means min
};

constexpr std::array<std::string_view, 12> month_words{"jan", "feb", "mar", "apr", "may", "jun",
                                                       "jul", "aug", "sep", "oct", "nov", "dec"};
constexpr std::array<std::string_view, 7> day_words{"sun", "mon", "tue", "wed", "thu", "fri", "sat"};
const std::array<Field, 5> fields{{{"minute", 0, 59, {}},
                                   {"hour", 0, 23, {}},
                                   {"day of month", 1, 31, {}},
                                   {"month", 1, 12, month_words},
                                   {"day of week", 0, 7, day_words}}};

std::vector<std::string_view> split(std::string_view text, std::string_view separators) {
  std::vector<std::string_view> parts;
  while (true) {
    const auto end = text.find_first_of(separators);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

std::optional<std::uint32_t> number_in(std::string_view text, const Field& field) {
  for (std::size_t i = 0; i < field.words.size(); ++i) {
    const auto& word = field.words[i];
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    bool same = word.size() == text.size();
    for (std::size_t k = 0; same && k < word.size(); ++k) same = lower(text[k]) == word[k];
    if (same) return field.min + static_cast<std::uint32_t>(i);
  }
  std::uint32_t n = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), n);
  if (error != std::errc{} || end != text.data() + text.size() || n < field.min || n > field.max) return {};
  return n;
}

std::optional<std::uint32_t> step_in(std::string_view text) {
  std::uint32_t n = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), n);
  if (error != std::errc{} || end != text.data() + text.size() || n == 0) return {};
  return n;
}

// One part of a list: *, n, a-b, each with /step; n/step means from n on.
bool add_part(std::string_view part, const Field& field, std::uint64_t& bits) {
  const auto slash = part.find('/');
  const auto step = slash == std::string_view::npos ? std::optional(1U) : step_in(part.substr(slash + 1));
  const auto range = part.substr(0, slash);
  const auto dash = range.find('-');
  const auto first = range == "*" ? std::optional(field.min) : number_in(range.substr(0, dash), field);
  auto last = first;
  if (range == "*" || (dash == std::string_view::npos && slash != std::string_view::npos)) last = field.max;
  if (range != "*" && dash != std::string_view::npos) last = number_in(range.substr(dash + 1), field);
  if (!step || !first || !last || *last < *first) return false;
  for (std::uint64_t n = *first; n <= *last; n += *step) bits |= std::uint64_t{1} << n;
  return true;
}

bool is_set(std::uint64_t bits, std::uint32_t n) { return (bits >> n & 1U) != 0; }

// The first set bit from n on; 64: none.
std::uint32_t first_from(std::uint64_t bits, std::uint32_t n) {
  return n > 63 ? 64 : static_cast<std::uint32_t>(std::countr_zero(bits >> n << n));
}

date::year_month_day day_of(const LocalMinute& at) {
  return date::year{at.year} / static_cast<int>(at.month) / static_cast<int>(at.day);
}

}  // namespace

Result<Cron> Cron::parse(std::string_view text) {
  std::vector<std::string_view> parts;
  for (const auto part : split(text, " \t"))
    if (!part.empty()) parts.push_back(part);
  if (parts.size() != fields.size())
    return fail("invalid_format", "cron has five fields (minute, hour, day of month, month, day of week), here are " +
                                      std::to_string(parts.size()));
  std::array<std::uint64_t, 5> bits{};
  for (std::size_t i = 0; i < fields.size(); ++i)
    for (const auto part : split(parts[i], ","))
      if (!add_part(part, fields[i], bits[i]))
        return fail("invalid_format", "\"" + std::string(part.substr(0, 40)) + "\" is no " +
                                          std::string(fields[i].name) + " (" + std::to_string(fields[i].min) + " to " +
                                          std::to_string(fields[i].max) + ")");
  Cron cron;
  cron.minutes_ = bits[0];
  cron.hours_ = bits[1];
  cron.days_ = bits[2];
  cron.months_ = bits[3];
  cron.weekdays_ = (bits[4] | bits[4] >> 7U) & 0x7FU;
  cron.any_day_ = parts[2].front() == '*';
  cron.any_weekday_ = parts[4].front() == '*';
  if (!cron.next({2000, 1, 1, 0, 0})) return fail("invalid_format", "this date never comes");
  return cron;
}

bool Cron::has_day(std::int32_t year, std::uint32_t month, std::uint32_t day) const {
  const bool by_day = is_set(days_, day);
  const auto date = day_of({year, month, day, 0, 0});
  const bool by_weekday = is_set(weekdays_, date::weekday(date::local_days(date)).c_encoding());
  return any_day_ || any_weekday_ ? by_day && by_weekday : by_day || by_weekday;
}

std::optional<LocalMinute> Cron::next(LocalMinute from) const {
  auto day = date::local_days(day_of(from));
  const auto end = day + date::days(366 * search_years);
  for (bool first = true; day < end; day += date::days(1), first = false) {
    const date::year_month_day d(day);
    const auto month = static_cast<unsigned>(d.month());
    if (!is_set(months_, month) || !has_day(static_cast<int>(d.year()), month, static_cast<unsigned>(d.day())))
      continue;
    for (auto hour = first_from(hours_, first ? from.hour : 0); hour < 24; hour = first_from(hours_, hour + 1)) {
      const auto minute = first_from(minutes_, first && hour == from.hour ? from.minute : 0);
      if (minute < 60)
        return LocalMinute{static_cast<int>(d.year()), month, static_cast<unsigned>(d.day()), hour, minute};
    }
  }
  return {};
}

}  // namespace simhost::plan
