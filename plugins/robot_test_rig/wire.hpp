/// Readings and results as JSON: the same digits in REST, WebSocket and CSV.
#pragma once

#include <sim/cpp/json.hpp>

#include "rules.hpp"
#include "snapshot.hpp"

namespace robot_test_rig {

inline constexpr const char* resolution = "640x480";

/// Unix seconds of a simulated time, in whole microseconds.
double unix_of(std::int64_t start_wall_ns, double at_s) noexcept;
std::int64_t unix_us_of(std::int64_t start_wall_ns, double at_s) noexcept;

void put_image(const Image& image, sim::Json& json);
void put_reading(const Reading& reading, std::int64_t start_wall_ns, sim::Json& json);
void put_result(const Finding& finding, std::int64_t start_wall_ns, const Settings& limits, sim::Json& json);

/// An object with a truth per sensor under this name.
void put_per_sensor(const char* name, bool truth, sim::Json& json);

}  // namespace robot_test_rig
