/// The table of the rig's REST routes, and their handlers.
#pragma once

#include <sim/cpp/routes.hpp>

namespace robot_test_rig {

const sim_routes& routes_table() noexcept;

void get_root(sim::Request& request, sim::Reply& reply);
void get_health(sim::Request& request, sim::Reply& reply);

void get_sensors_status(sim::Request& request, sim::Reply& reply);
void get_readings(sim::Request& request, sim::Reply& reply);
void get_latest(sim::Request& request, sim::Reply& reply);
void get_aggregated(sim::Request& request, sim::Reply& reply);
void get_validation(sim::Request& request, sim::Reply& reply);
void post_simulate(sim::Request& request, sim::Reply& reply);

void post_start(sim::Request& request, sim::Reply& reply);
void post_stop(sim::Request& request, sim::Reply& reply);
void post_reset(sim::Request& request, sim::Reply& reply);
void get_summary(sim::Request& request, sim::Reply& reply);
void get_export(sim::Request& request, sim::Reply& reply);
void get_session_status(sim::Request& request, sim::Reply& reply);

/// The host could not do it.
template <class T>
void refuse(sim::Reply& reply, const sim::Result<T>& result) {
  const std::string_view code = result.error.code, message = result.error.message;
  const bool busy = result.status == SIM_BUSY;
  reply.problem(busy ? 503 : 500, code.empty() ? "refused" : code, message.empty() ? "the host refused this" : message,
                {}, busy ? 1 : 0);
}

}  // namespace robot_test_rig
