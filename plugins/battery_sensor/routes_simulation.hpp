/// Starting, stopping, showing and ending simulations: the original's one, named ones, fleets.
#pragma once

#include <sim/cpp/routes.hpp>

#include "simulations.hpp"

namespace battery_sensor {

void post_start(sim::Request& request, sim::Reply& reply);
void post_stop(sim::Request& request, sim::Reply& reply);
void get_status(sim::Request& request, sim::Reply& reply);
void post_fleet(sim::Request& request, sim::Reply& reply);

void post_simulation(sim::Request& request, sim::Reply& reply);
void get_simulations(sim::Request& request, sim::Reply& reply);
void post_named_stop(sim::Request& request, sim::Reply& reply);
void get_named_status(sim::Request& request, sim::Reply& reply);
void delete_simulation(sim::Request& request, sim::Reply& reply);

/// The simulation that the path names; otherwise answers 404.
std::optional<Simulation> named_simulation(const Simulations& simulations, sim::Request& request, sim::Reply& reply);
/// The host refused something of a simulation: 409, 429 and 503 say what they are, else 500.
void refuse(sim::Reply& reply, sim_status status, const sim_error& error);

}  // namespace battery_sensor
