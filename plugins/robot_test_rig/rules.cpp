/// The rules, in their order: of the first that matches a reading is its result.
#include "rules.hpp"

#include <sim/cpp/json.hpp>

#include <charconv>
#include <iterator>

#include "signals.hpp"

namespace robot_test_rig {
namespace {

constexpr double warning_share = 0.8;  // of the limit of the force
constexpr double spike_n = 50;         // between a reading and the second before it
constexpr double dark = 30, bright = 240;

std::string one_decimal(double value) {
  char digits[32];
  const auto end = std::to_chars(digits, digits + sizeof digits, value, std::chars_format::fixed, 1).ptr;
  return {digits, end};
}

using When = void (*)(const Settings& limits, sim::Json& json);
using Words = std::string (*)(const Settings& limits);

struct Definition {
  const char* name;
  Sensor sensor;
  const char* severity;
  When when;
  Words message;
};

// By Rule.
constexpr Definition definitions[] = {
    {"robot_test_rig.force_error", Sensor::force, "error",
     [](const Settings& limits, sim::Json& json) { json.member("above", limits.force_high_n); },
     [](const Settings& limits) {
       return "Force exceeds critical threshold: {value:.2}N > " + one_decimal(limits.force_high_n) + "N";
     }},
    {"robot_test_rig.force_warning", Sensor::force, "warning",
     [](const Settings& limits, sim::Json& json) { json.member("above", warning_share * limits.force_high_n); },
     [](const Settings&) { return std::string("Force approaching threshold: {value:.2}N"); }},
    {"robot_test_rig.force_spike", Sensor::force, "warning",
     [](const Settings&, sim::Json& json) {
       json.key("change").object().member("by", spike_n).member("samples", 2).end();
     },
     [](const Settings&) { return std::string("Sudden force change detected: {change:.2}N"); }},
    {"robot_test_rig.motor_speed", Sensor::motor, "warning",
     [](const Settings& limits, sim::Json& json) {
       json.key("outside").array().value(-limits.motor_high_rpm).value(limits.motor_high_rpm).end();
     },
     [](const Settings& limits) {
       return "Motor speed exceeds threshold: {value:.2} RPM > " + one_decimal(limits.motor_high_rpm) + " RPM";
     }},
    {"robot_test_rig.camera_dark", Sensor::camera, "warning",
     [](const Settings&, sim::Json& json) { json.member("below", dark); },
     [](const Settings&) { return std::string("Low brightness detected: {value:.0}"); }},
    {"robot_test_rig.camera_bright", Sensor::camera, "warning",
     [](const Settings&, sim::Json& json) { json.member("above", bright); },
     [](const Settings&) { return std::string("High brightness detected: {value:.0}"); }}};

/// What a rule looks at, and what its alerts show.
struct Looks {
  const char *at, *on, *when;
  std::vector<const char*> with;
};
Looks looks_of(Sensor sensor) {
  if (sensor == Sensor::force)
    return {row_of(&O::force_n).name,
            row_of(&O::force_count).name,
            row_of(&S::force_at_s).name,
            {row_of(&S::force_before_n).name, row_of(&S::force_second_before_n).name}};
  if (sensor == Sensor::motor)
    return {row_of(&O::motor_rpm).name, row_of(&O::motor_count).name, row_of(&S::motor_at_s).name, {}};
  return {row_of(&O::camera_brightness).name,
          row_of(&O::camera_count).name,
          row_of(&S::camera_at_s).name,
          {row_of(&O::camera_exposure).name}};
}

// Each reading is judged once, by its counter; each hit is an alert of its own.
std::string body_of(const Definition& rule, std::size_t order, const Settings& limits) {
  const Looks looks = looks_of(rule.sensor);
  std::string body;
  sim::Json json(body);
  json.object().member("name", rule.name).member("model", "robot_test_rig").member("variable", looks.at);
  json.member("on", looks.on).member("pulse", true).key("with").array().value(looks.when);
  for (const char* name : looks.with) json.value(name);
  json.end().key("when").object();
  rule.when(limits, json);
  json.end().member("group", std::string("robot_test_rig.") + name_of(rule.sensor)).member("order", order);
  json.member("severity", rule.severity).member("message", rule.message(limits)).end();
  return body;
}

}  // namespace

Sensor sensor_of(Rule rule) noexcept { return definitions[static_cast<std::size_t>(rule)].sensor; }

std::vector<std::string> rule_bodies(const Settings& limits) {
  std::vector<std::string> bodies;
  for (const Definition& rule : definitions) bodies.push_back(body_of(rule, bodies.size(), limits));
  return bodies;
}

void put_rules(const sim_host* host) {
  for (const std::string& body : rule_bodies(settings())) {
    const auto put = sim::Rules(host).put(body);
    if (!put) sim::Log(host).error(std::string("a rule of the rig is not judged: ") + put.error.message);
  }
}

std::optional<Finding> finding_of(const sim::Value& alert) {
  const std::string_view name = alert["rule_name"].text();
  for (std::size_t i = 0; i < std::size(definitions); ++i) {
    if (name != definitions[i].name) continue;
    const sim::Value with = alert["with"];
    Finding found{std::string(alert["id"].text()), std::string(alert["message"].text())};
    found.tick = static_cast<std::uint64_t>(alert["since"]["tick"].integer());
    found.rule = static_cast<Rule>(i);
    found.at_s = with[looks_of(definitions[i].sensor).when].number();
    found.actual = alert["value"].number();
    found.before = with[row_of(&S::force_before_n).name].number();
    found.second_before = with[row_of(&S::force_second_before_n).name].number();
    found.exposure = with[row_of(&O::camera_exposure).name].number();
    return found;
  }
  return std::nullopt;
}

}  // namespace robot_test_rig
