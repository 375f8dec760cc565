/// Readings and results as JSON.
#include "wire.hpp"

#include <cmath>

namespace robot_test_rig {
namespace {

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
  const Sensor sensor = sensor_of(finding.rule);
  if (sensor == Sensor::force) {
    put_force_details(finding, limits, json);
  } else if (sensor == Sensor::motor) {
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
  json.object().member("sensor_type", name_of(sensor_of(finding.rule)));
  json.member("status", finding.rule == Rule::force_error ? "error" : "warning");
  json.member("message", finding.message).real("timestamp", unix_of(start_wall_ns, finding.at_s));
  put_details(finding, limits, json);
  json.end();
}

void put_per_sensor(const char* name, bool truth, sim::Json& json) {
  json.key(name).object();
  for (const Sensor sensor : all_sensors) json.member(name_of(sensor), truth);
  json.end();
}

}  // namespace robot_test_rig
