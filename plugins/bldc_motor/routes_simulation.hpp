/// Handlers of /api/simulation and /api/admin, and the job that ends sessions nobody uses.
#pragma once

#include <sim/cpp/routes.hpp>

#include "routes_sessions.hpp"

namespace bldc_motor {

void post_start(sim::Request& request, sim::Reply& reply);
void post_stop(sim::Request& request, sim::Reply& reply);
void put_control(sim::Request& request, sim::Reply& reply);
void get_status(sim::Request& request, sim::Reply& reply);
void get_sessions(sim::Request& request, sim::Reply& reply);
void post_cleanup(sim::Request& request, sim::Reply& reply);

/// Each minute, beginning a minute after init.
void begin_cleaning(const sim_host& host);

/// The members of a status, for the route and for binary frames of type 4.
void put_status(const Bench& bench, const BenchSession& session, const Readings& now, sim::Json& json);

}  // namespace bldc_motor
