/// Handlers of /api/motor: name plate, efficiency, motors on offer.
#pragma once

#include <sim/cpp/routes.hpp>

namespace bldc_motor {

void get_motor(sim::Request& request, sim::Reply& reply);
void get_efficiency(sim::Request& request, sim::Reply& reply);
void get_models(sim::Request& request, sim::Reply& reply);

}  // namespace bldc_motor
