/// The WebSocket endpoint /ws/{session_id}: data of a session to all its sockets, control and questions from them.
#pragma once

#include <sim/cpp/streams.hpp>

namespace bldc_motor {

struct Telemetry {
  static sim_status open(sim::Request& request, std::uint64_t client, const sim::Sink& sink);
  static void message(const sim::Message& message, const sim::Sink& sink);
  static void encode(const sim::Frame* before, const sim::Frame& now, std::uint32_t variant, const sim::Sink& sink);
  static void ended(const sim_ending& ending, std::uint32_t variant, const sim::Sink& sink);
};

/// The table, with the rates of the settings; after read_settings.
const sim_streams& streams_table() noexcept;

}  // namespace bldc_motor
