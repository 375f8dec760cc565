/// How the motor writes numbers and times: floats as floats, wall time in the forms its clients read.
#pragma once

#include <sim/cpp/json.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace bldc_motor {

/// A float stays one on the wire, 48.0 and not 48: clients that tell the two apart are served like the others.
void put_real(sim::Json& json, double value);
void put_real(sim::Json& json, std::string_view key, double value);

/// Unix seconds with microseconds.
double unix_s(std::int64_t wall_ns) noexcept;
void put_time(sim::Json& json, std::int64_t wall_ns);  ///< the member "timestamp"

/// "2026-01-31T12:00:00.123456Z"; the fraction is left out where it is 0.
std::string iso_time(std::int64_t wall_ns);

}  // namespace bldc_motor
