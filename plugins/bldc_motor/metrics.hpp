/// What the plugin counts: with the host, so that a reload does not begin anew.
#pragma once

#include <sim/cpp/routes.hpp>

namespace bldc_motor {

struct Counters {
  sim::Metric sessions, sockets, steps;
};

/// At init, once.
void open_counters(const sim_host& host);
const Counters& counters() noexcept;

/// GET /metrics, in the text format of Prometheus.
void get_metrics(sim::Request& request, sim::Reply& reply);

}  // namespace bldc_motor
