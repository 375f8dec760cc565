// The system's clocks, and RFC 3339 in both directions.
#include <host/base/clock.hpp>

#include <time.h>

#include <array>
#include <chrono>
#include <cstdio>

namespace simhost {
namespace {

constexpr std::int64_t ns_per_s = 1'000'000'000;
constexpr std::int64_t ns_per_ms = 1'000'000;
constexpr std::int64_t s_per_day = 86'400;

std::int64_t read_clock(clockid_t id) noexcept {
  timespec now{};
  clock_gettime(id, &now);
  return std::int64_t{now.tv_sec} * ns_per_s + now.tv_nsec;
}

class SystemClock final : public Clock {
 public:
  [[nodiscard]] std::int64_t monotonic_ns() const override { return read_clock(CLOCK_MONOTONIC); }
  [[nodiscard]] std::int64_t wall_ns() const override { return read_clock(CLOCK_REALTIME); }
};

// Takes fixed-width decimal numbers and single characters off the front of a text.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  std::optional<int> digits(std::size_t count) {
    if (rest_.size() < count) return std::nullopt;
    int value = 0;
    for (std::size_t i = 0; i < count; ++i) {
      if (rest_[i] < '0' || rest_[i] > '9') return std::nullopt;
      value = value * 10 + (rest_[i] - '0');
    }
    rest_.remove_prefix(count);
    return value;
  }

  bool one_of(std::string_view characters) {
    if (rest_.empty() || characters.find(rest_.front()) == std::string_view::npos) return false;
    last_ = rest_.front();
    rest_.remove_prefix(1);
    return true;
  }

  [[nodiscard]] char last() const { return last_; }
  [[nodiscard]] bool at_end() const { return rest_.empty(); }
  [[nodiscard]] bool at_digit() const { return !rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9'; }

 private:
  std::string_view rest_;
  char last_ = 0;
};

std::optional<std::int64_t> read_day(Scanner& in) {
  const auto year = in.digits(4);
  if (!year || !in.one_of("-")) return std::nullopt;
  const auto month = in.digits(2);
  if (!month || !in.one_of("-")) return std::nullopt;
  const auto day = in.digits(2);
  if (!day) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{*year}, std::chrono::month{static_cast<unsigned>(*month)},
                                         std::chrono::day{static_cast<unsigned>(*day)}};
  // Outside these years nanoseconds do not fit 64 bits.
  if (!date.ok() || *year < 1678 || *year > 2261) return std::nullopt;
  return std::chrono::sys_days{date}.time_since_epoch().count();
}

std::optional<std::int64_t> read_second_of_day(Scanner& in) {
  const auto hour = in.digits(2);
  if (!hour || !in.one_of(":")) return std::nullopt;
  const auto minute = in.digits(2);
  if (!minute || !in.one_of(":")) return std::nullopt;
  const auto second = in.digits(2);
  if (!second || *hour > 23 || *minute > 59 || *second > 59) return std::nullopt;
  return *hour * 3600 + *minute * 60 + *second;
}

std::optional<std::int64_t> read_fraction_ns(Scanner& in) {
  if (!in.one_of(".")) return 0;
  if (!in.at_digit()) return std::nullopt;
  std::int64_t value = 0;
  std::int64_t weight = ns_per_s / 10;
  while (in.at_digit()) {
    value += *in.digits(1) * weight;
    weight /= 10;
  }
  return value;
}

std::optional<std::int64_t> read_offset_s(Scanner& in) {
  if (in.one_of("Zz")) return 0;
  if (!in.one_of("+-")) return std::nullopt;
  const int sign = in.last() == '-' ? -1 : 1;
  const auto hour = in.digits(2);
  if (!hour || !in.one_of(":")) return std::nullopt;
  const auto minute = in.digits(2);
  if (!minute || *hour > 23 || *minute > 59) return std::nullopt;
  return sign * (*hour * 3600 + *minute * 60);
}

}  // namespace

const Clock& system_clock() noexcept {
  static const SystemClock clock;
  return clock;
}

std::string format_utc(std::int64_t wall_ns) {
  using namespace std::chrono;
  const sys_time<nanoseconds> at{nanoseconds{wall_ns}};
  const auto day = floor<days>(at);
  const year_month_day date{day};
  const std::int64_t of_day_ms = (at - day).count() / ns_per_ms;
  std::array<char, 40> text;
  const int size =
      std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", static_cast<int>(date.year()),
                    static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                    static_cast<int>(of_day_ms / 3'600'000), static_cast<int>(of_day_ms / 60'000 % 60),
                    static_cast<int>(of_day_ms / 1000 % 60), static_cast<int>(of_day_ms % 1000));
  return {text.data(), static_cast<std::size_t>(size)};
}

std::optional<std::int64_t> parse_utc(std::string_view text) {
  Scanner in(text);
  const auto day = read_day(in);
  if (!day || !in.one_of("Tt ")) return std::nullopt;
  const auto second = read_second_of_day(in);
  if (!second) return std::nullopt;
  const auto fraction_ns = read_fraction_ns(in);
  if (!fraction_ns) return std::nullopt;
  const auto offset_s = read_offset_s(in);
  if (!offset_s || !in.at_end()) return std::nullopt;
  return (*day * s_per_day + *second - *offset_s) * ns_per_s + *fraction_ns;
}

}  // namespace simhost
