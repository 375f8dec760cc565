/// Reads start bodies; names the batteries of a fleet.
#include "order.hpp"

#include <iterator>

#include "parameters.hpp"
#include "signals.hpp"

namespace battery_sensor {
namespace {

constexpr double soh_start_pct = 100;

std::uint8_t profile_of(const sim::Value& value) noexcept {
  for (std::size_t i = 0; i < std::size(profile_names); ++i)
    if (value.text() == profile_names[i]) return static_cast<std::uint8_t>(i);
  return 0;
}

Order common(const sim::Value& body) {
  Order order;
  order.interval_s = static_cast<std::uint32_t>(body["interval_seconds"].number(5));
  order.scenario = scenario_of(body["scenario"]);
  order.time_scale = body["time_scale"].number(1);
  order.seed = static_cast<std::uint64_t>(body["seed"].number(0));
  order.noise = body["noise"].boolean(true);
  return order;
}

std::string battery_name(const char* location, std::int64_t number) {
  std::string digits = std::to_string(number);
  if (digits.size() < 3) digits.insert(0, 3 - digits.size(), '0');
  return std::string(location) + "_DC1_SYS01_STR01_BAT" + digits;
}

}  // namespace

std::uint32_t scenario_of(const sim::Value& value) noexcept {
  for (std::uint32_t i = 1; i < std::size(scenario_names); ++i)
    if (value.text() == scenario_names[i]) return i;
  return 0;
}

Order order_of(const sim::Value& body) {
  Order order = common(body);
  const sim::Value list = body["batteries"];
  for (std::uint64_t i = 0; i < list.size(); ++i) {
    const sim::Value battery = list.item(i);
    order.ids.emplace_back(battery["battery_id"].text());
    order.profiles.push_back(profile_of(battery["profile"]));
    order.soh_pct.push_back(battery["initial_soh"].number(soh_start_pct));
  }
  return order;
}

Order fleet_order_of(const sim::Value& body) {
  Order order = common(body);
  const auto locations = static_cast<std::int64_t>(body["locations"].number(std::size(location_codes)));
  const auto batteries = static_cast<std::int64_t>(body["batteries"].number(24));
  for (std::int64_t at = 0; at < locations; ++at)
    for (std::int64_t n = 1; n <= batteries; ++n) order.ids.push_back(battery_name(location_codes[at], n));
  order.profiles.assign(order.ids.size(), profile_of(body["profile"]));
  order.soh_pct.assign(order.ids.size(), body["initial_soh"].number(soh_start_pct));
  return order;
}

std::string new_simulation_id(const sim_host* host) {
  const sim::Sessions sessions(host);
  for (std::size_t n = sessions.list().size() + 1;; ++n) {
    std::string id = "sim-" + std::to_string(n);
    if (!sessions.find(id)) return id;
  }
}

}  // namespace battery_sensor
