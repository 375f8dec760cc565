// What streaming has done so far, for the metrics.
#pragma once

#include <atomic>
#include <cstdint>

namespace simhost::telemetry {

struct Counts {
  std::uint64_t clients = 0;   // sockets that are open now
  std::uint64_t messages = 0;  // data messages put into queues of sockets
  std::uint64_t dropped = 0;   // ticks and messages that slow sockets lost
  std::uint64_t bytes = 0;     // of the bodies of those messages
  std::uint64_t encodes = 0;
  std::uint64_t encode_ns = 0;
};

struct Counters {
  std::atomic<std::uint64_t> clients{0}, messages{0}, dropped{0}, bytes{0}, encodes{0}, encode_ns{0};

  [[nodiscard]] Counts read() const {
    return {clients.load(), messages.load(), dropped.load(), bytes.load(), encodes.load(), encode_ns.load()};
  }
};

}  // namespace simhost::telemetry
