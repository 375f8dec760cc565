// Time as a value that is handed in: the system's clock in the host, a fake one in tests.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace simhost {

class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual std::int64_t monotonic_ns() const = 0;  // never goes back; for durations and deadlines
  [[nodiscard]] virtual std::int64_t wall_ns() const = 0;       // since 1970 UTC; for people only
};

// CLOCK_MONOTONIC and CLOCK_REALTIME. Lives as long as the process.
const Clock& system_clock() noexcept;

// The nearest double: a product with 1e-9 is not, it makes 1 us 1.0000000000000002e-06.
[[nodiscard]] constexpr double seconds_of(std::int64_t ns) noexcept { return static_cast<double>(ns) / 1e9; }

// "2026-11-21T11:00:00.000Z": RFC 3339, UTC, whole milliseconds, rounded down.
std::string format_utc(std::int64_t wall_ns);

// RFC 3339 with any number of decimals and any offset, years 1678 to 2261; nothing when it is none.
std::optional<std::int64_t> parse_utc(std::string_view text);

}  // namespace simhost
