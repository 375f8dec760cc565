// Reads of values that do not disturb a tick: out of what the session publishes, where that holds them.
#pragma once

#include <array>
#include <atomic>

#include <host/telemetry/pump.hpp>

namespace simhost::telemetry {

// Which selections were wanted a moment ago, so that a client that reads in a loop does not wake the pump each time.
// Bounded and without a lock: two that fall on one place cost a wish too many.
class RecentWishes {
 public:
  // [any] Whether this one was not said within the last quarter of limits::wanted_ns.
  bool is_new(std::uint64_t session, const Selection& selection, std::int64_t now_ns) noexcept;

 private:
  std::array<std::atomic<std::uint64_t>, 1024> places_{};
};

class Reader {
 public:
  Reader(session::Registry& registry, Pump& pump) : registry_(registry), pump_(pump) {}

  // [any] One consistent tick. Answered at once from a published frame, else after the session's next tick; then the
  // columns stay wanted for a second, so that the next read does not wait. A write that was acknowledged shows.
  void read(session::SessionPointer session, session::ReadRequest request, session::Done<session::ReadResult> done);

 private:
  void want(const session::SessionPointer& session, const Selection& selection);

  session::Registry& registry_;
  Pump& pump_;
  RecentWishes wishes_;
};

// The values from the session's present frame; nothing when that does not hold them or may be older than an
// acknowledged write.
std::optional<session::ReadResult> read_frame(const session::Session& session, const Selection& selection);

}  // namespace simhost::telemetry
