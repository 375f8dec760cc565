/// From bodies that the host has checked to what a start asks for.
#pragma once

#include <sim/cpp/routes.hpp>

#include "simulations.hpp"

namespace battery_sensor {

/// How many faults an answer names at most.
inline constexpr std::size_t listed_faults_max = 64;

/// The nine data centers of the original, in its order.
inline constexpr const char* location_codes[] = {"CNX", "KKN", "NTB", "BKK", "PKN", "SRC", "URT", "PKT", "HDY"};

Order order_of(const sim::Value& body);
Order fleet_order_of(const sim::Value& body);
/// The place of a scenario in the enum; 0 for null, absent and unknown.
std::uint32_t scenario_of(const sim::Value& value) noexcept;

/// Nobody else's: "sim-" and a number that counts on.
std::string new_simulation_id(const sim_host* host);

}  // namespace battery_sensor
