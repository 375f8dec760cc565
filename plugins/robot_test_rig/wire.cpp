/// Readings and results as JSON.
#include "wire.hpp"

#include <charconv>
#include <cmath>

namespace robot_test_rig {
namespace {

std::string fixed(double value, int decimals) {
  char digits[32];
  const auto end = std::to_chars(digits, digits + sizeof digits, value, std::chars_format::fixed, decimals).ptr;
  return {digits, end};
}

std::string message_of(const Finding& finding, const Settings& limits) {
  const std::string actual = fixed(finding.actual, 2);
  switch (finding.rule) {
    case Rule::force_error:
      return "Force exceeds critical threshold: " + actual + "N > " + fixed(limits.force_high_n, 1) + "N";
    case Rule::force_warning:
      return "Force approaching threshold: " + actual + "N";
    case Rule::force_spike:
      return "Sudden force change detected: " + fixed(std::abs(finding.actual - finding.second_before), 2) + "N";
    case Rule::motor_speed:
      return "Motor speed exceeds threshold: " + actual + " RPM > " + fixed(limits.motor_high_rpm, 1) + " RPM";
    case Rule::camera_dark:
      return "Low brightness detected: " + fixed(finding.actual, 0);
    case Rule::camera_bright:
      break;
  }
  return "High brightness detected: " + fixed(finding.actual, 0);
}

void put_force_details(const Finding& finding, const Settings& limits, sim::Json& json) {
  if (finding.rule == Rule::force_spike) {
    json.key("recent_values").array().real(finding.second_before).real(finding.before).real(finding.actual).end();
    json.member("spike_detected", true);
    return;
  }
  json.real("threshold", limits.force_high_n).real("actual", finding.actual);
  if (finding.rule == Rule::force_error)
    json.member("severity", "critical");
  else
    json.real("percentage", 100 * finding.actual / limits.force_high_n);
}

void put_details(const Finding& finding, const Settings& limits, sim::Json& json) {
  json.key("details").object();
  if (finding.sensor == Sensor::force) {
    put_force_details(finding, limits, json);
  } else if (finding.sensor == Sensor::motor) {
    json.real("threshold", limits.motor_high_rpm).real("actual", finding.actual);
    json.real("absolute", std::abs(finding.actual));
  } else {
    json.member("brightness", std::llround(finding.actual)).real("exposure", finding.exposure);
    json.member("issue", finding.rule == Rule::camera_dark ? "insufficient_lighting" : "overexposure");
  }
  json.end();
}

}  // namespace

std::int64_t unix_us_of(std::int64_t start_wall_ns, double at_s) noexcept {
  return start_wall_ns / 1000 + std::llround(at_s * 1e6);
}
double unix_of(std::int64_t start_wall_ns, double at_s) noexcept {
  return static_cast<double>(unix_us_of(start_wall_ns, at_s)) / 1e6;
}

void put_image(const Image& image, sim::Json& json) {
  json.object().member("image_id", std::llround(image.id)).member("resolution", resolution);
  json.member("brightness", std::llround(image.brightness)).real("exposure", image.exposure).end();
}

void put_reading(const Reading& reading, std::int64_t start_wall_ns, sim::Json& json) {
  json.object().real("timestamp", unix_of(start_wall_ns, reading.at_s)).member("sensor_type", name_of(reading.sensor));
  json.key("value");
  if (reading.sensor == Sensor::camera)
    put_image(reading.image, json);
  else
    json.real(reading.value);
  json.end();
}

void put_result(const Finding& finding, std::int64_t start_wall_ns, const Settings& limits, sim::Json& json) {
  json.object().member("sensor_type", name_of(finding.sensor));
  json.member("status", finding.rule == Rule::force_error ? "error" : "warning");
  json.member("message", message_of(finding, limits)).real("timestamp", unix_of(start_wall_ns, finding.at_s));
  put_details(finding, limits, json);
  json.end();
}

void put_per_sensor(const char* name, bool truth, sim::Json& json) {
  json.key(name).object();
  for (const Sensor sensor : all_sensors) json.member(name_of(sensor), truth);
  json.end();
}

}  // namespace robot_test_rig
