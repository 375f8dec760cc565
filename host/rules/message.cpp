// Fills templates.
#include <host/rules/message.hpp>

#include <algorithm>
#include <array>
#include <cstdio>
#include <optional>

#include <host/base/json.hpp>
#include <host/base/nearest.hpp>

namespace simhost::rules {

namespace {

constexpr std::size_t numbers = 4;  // of names: those with a fraction
constexpr std::array<std::string_view, 10> names{"value", "limit",    "time_s", "change",  "tick",
                                                 "lane",  "variable", "unit",   "session", "rule"};
constexpr std::string_view usual = "{variable} is {value}, its limit {limit}";

// {name} or {name:.digits}
struct Placeholder {
  std::size_t place = 0;
  std::optional<int> digits;
};

std::optional<Placeholder> read(std::string_view inside) {
  const auto colon = inside.find(':');
  const auto found = std::find(names.begin(), names.end(), inside.substr(0, colon));
  if (found == names.end()) return {};
  Placeholder out{static_cast<std::size_t>(found - names.begin()), {}};
  if (colon == std::string_view::npos) return out;
  const auto format = inside.substr(colon + 1);
  const bool one_digit = format.size() == 2 && format[0] == '.' && format[1] >= '0' && format[1] <= '9';
  if (!one_digit || out.place >= numbers) return {};
  out.digits = format[1] - '0';
  return out;
}

std::string number_text(double number, std::optional<int> digits) {
  if (digits) {
    std::array<char, 400> text{};
    std::snprintf(text.data(), text.size(), "%.*f", *digits, number);
    return text.data();
  }
  std::string text;
  append_json_number(text, number);
  if (text.ends_with(".0")) text.resize(text.size() - 2);
  return text;
}

std::string word(const Placeholder& what, const Words& words) {
  switch (what.place) {
    case 0:
      return words.value_name.empty() ? number_text(words.value, what.digits) : std::string(words.value_name);
    case 1:
      return number_text(words.limit, what.digits);
    case 2:
      return number_text(words.time_s, what.digits);
    case 3:
      return number_text(words.change, what.digits);
    case 4:
      return std::to_string(words.tick);
    case 5:
      return std::to_string(words.lane);
    case 6:
      return std::string(words.variable);
    case 7:
      return std::string(words.unit);
    case 8:
      return std::string(words.session);
    default:
      return std::string(words.rule);
  }
}

// Calls text(part) and hole(inside) in order; false where a brace is left open.
template <class Text, class Hole>
bool walk(std::string_view all, Text&& text, Hole&& hole) {
  while (true) {
    const auto open = all.find('{');
    text(all.substr(0, open));
    if (open == std::string_view::npos) return true;
    const auto close = all.find('}', open);
    if (close == std::string_view::npos) return false;
    hole(all.substr(open + 1, close - open - 1));
    all.remove_prefix(close + 1);
  }
}

}  // namespace

Outcome check_message(std::string_view text) {
  Outcome outcome;
  const bool closed = walk(
      text, [](std::string_view) {},
      [&](std::string_view inside) {
        if (!read(inside))
          outcome = fail("not_valid", unknown_name_text("placeholder", inside.substr(0, inside.find(':')), names));
      });
  if (!closed) return fail("not_valid", "a brace is not closed");
  return outcome;
}

std::string fill_message(std::string_view text, const Words& words) {
  std::string out;
  walk(
      text.empty() ? usual : text, [&](std::string_view part) { out += part; },
      [&](std::string_view inside) {
        if (const auto what = read(inside)) out += word(*what, words);
      });
  return out;
}

}  // namespace simhost::rules
