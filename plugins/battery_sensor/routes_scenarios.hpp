/// Applying and clearing scenarios.
#pragma once

#include <sim/cpp/routes.hpp>

namespace battery_sensor {

void post_apply(sim::Request& request, sim::Reply& reply);
void post_clear(sim::Request& request, sim::Reply& reply);
void post_named_apply(sim::Request& request, sim::Reply& reply);
void post_named_clear(sim::Request& request, sim::Reply& reply);

}  // namespace battery_sensor
