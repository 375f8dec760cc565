/// What is here, how it is, and which scenarios there are.
#pragma once

#include <sim/cpp/routes.hpp>

namespace battery_sensor {

void get_root(sim::Request& request, sim::Reply& reply);
void get_health(sim::Request& request, sim::Reply& reply);
void get_scenarios(sim::Request& request, sim::Reply& reply);

}  // namespace battery_sensor
