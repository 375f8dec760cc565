/// Handlers that tell operators and orchestrators how the service is: /, /health, /ready, /live.
#pragma once

#include <sim/cpp/routes.hpp>

namespace bldc_motor {

inline constexpr const char *service_name = "Motor Simulation Backend API", *service_version = "1.0.0";

void get_root(sim::Request& request, sim::Reply& reply);
void get_health(sim::Request& request, sim::Reply& reply);
void get_ready(sim::Request& request, sim::Reply& reply);
void get_live(sim::Request& request, sim::Reply& reply);

}  // namespace bldc_motor
