/// Numbers and times as text, without locale.
#pragma once

#include <cstdint>
#include <string>

namespace battery_sensor {

/// Rounded to so many decimals, zeros at the end left out but for the first: 13.65, -20.0.
void append_fixed(std::string& to, double value, int decimals);
/// 2025-12-01T03:09:15.234Z
std::string iso_time_ms(std::int64_t wall_ns);

}  // namespace battery_sensor
