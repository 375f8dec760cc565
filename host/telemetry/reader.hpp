// Reads of values that do not disturb a tick: out of what the session publishes, where that holds them.
#pragma once

#include <host/telemetry/pump.hpp>

namespace simhost::telemetry {

class Reader {
 public:
  Reader(session::Registry& registry, Pump& pump) : registry_(registry), pump_(pump) {}

  // [any] One consistent tick. Answered at once from a published frame, else after the session's next tick; then the
  // columns stay wanted for a second, so that the next read does not wait. A write that was acknowledged shows.
  void read(session::SessionPointer session, session::ReadRequest request, session::Done<session::ReadResult> done);

 private:
  session::Registry& registry_;
  Pump& pump_;
};

// The values from the session's present frame; nothing when that does not hold them or may be older than an
// acknowledged write.
std::optional<session::ReadResult> read_frame(const session::Session& session, const Selection& selection);

}  // namespace simhost::telemetry
