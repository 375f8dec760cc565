/// The WebSocket endpoints: readings of every battery, each interval of simulated time.
#pragma once

#include <sim/cpp/streams.hpp>

#include <string>

#include "roster.hpp"

namespace battery_sensor {

const sim_streams& streams_table() noexcept;

/// From now on those who listen to the default simulation hear this session.
void follow_default(const sim_host* host, std::uint64_t session);

/// One message of readings. value[v][lane] in the order of the stream's variables.
std::string telemetry(const sim::Frame& frame, const Roster& roster);

}  // namespace battery_sensor
