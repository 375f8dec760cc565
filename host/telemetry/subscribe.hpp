// What a client asks for when it subscribes, and what it is granted.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include <host/session/session.hpp>
#include <host/telemetry/line.hpp>

namespace simhost::telemetry {

struct SubscribeRequest {
  std::uint32_t id = 0;  // the client's, free on its socket
  session::SessionPointer session;
  std::vector<std::uint32_t> ids;    // of variables of its model
  std::vector<std::uint32_t> lanes;  // ascending; empty: all
  double rate_hz = limits::stream_rate_default_hz;
  Line::Kind kind;
  std::function<void(Ending)> ended;  // on the pump's thread, after the last frame
};

struct Granted {
  double rate_hz = 0;
  std::uint64_t tick = 0;
  SchemaPointer schema;
  std::vector<std::uint32_t> lanes;
};

// The rate for so many values a flush (or, for mode all, a tick): the one asked for or the highest that stays within
// limits::stream_values_per_s. limit_reached where every tick is too much.
Result<double> grant_rate(std::size_t values, Mode mode, double rate_hz, double ticks_per_s);

}  // namespace simhost::telemetry
