/// The rig's WebSocket: readings and results as they come, and who listens.
#pragma once

#include <sim/cpp/streams.hpp>

namespace robot_test_rig {

struct Live {
  static sim_status open(sim::Request& request, std::uint64_t client, const sim::Sink& sink);
  static void message(const sim::Message& message, const sim::Sink& sink);
  static void alert(const sim::Frame& now, const sim::Value& alert, std::uint32_t variant, const sim::Sink& sink);
  static void encode(const sim::Frame* before, const sim::Frame& now, std::uint32_t variant, const sim::Sink& sink);
};
const sim_streams& streams_table() noexcept;

/// Tells all clients how the system is, after a start or a stop.
void announce_status(const sim_host* host);

}  // namespace robot_test_rig
