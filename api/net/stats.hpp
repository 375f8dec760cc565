// Counters of the server: written on the I/O thread, read from any.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace simhost::net {

// A snapshot.
struct Stats {
  std::size_t connections = 0;  // HTTP, now
  std::size_t websockets = 0;   // now
  std::uint64_t accepted = 0;
  std::uint64_t accept_errors = 0;
  std::uint64_t refused = 0;  // over a limit of connections
  std::uint64_t bytes_in = 0;
  std::uint64_t bytes_out = 0;
  std::uint64_t messages_in = 0;  // WebSocket
  std::uint64_t messages_out = 0;
  std::vector<std::pair<int, std::uint64_t>> responses{};  // by status, only those that occurred
};

// One writer: plain adds on relaxed atomics.
class Counter {
 public:
  void add(std::uint64_t n = 1) noexcept {
    value_.store(value_.load(std::memory_order_relaxed) + n, std::memory_order_relaxed);
  }
  void subtract(std::uint64_t n = 1) noexcept {
    value_.store(value_.load(std::memory_order_relaxed) - n, std::memory_order_relaxed);
  }
  [[nodiscard]] std::uint64_t get() const noexcept { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_{0};
};

struct Counters {
  static constexpr std::size_t statuses = 600;
  Counter connections, websockets, accepted, accept_errors, refused, bytes_in, bytes_out, messages_in, messages_out;
  std::array<Counter, statuses> responses;
};

}  // namespace simhost::net
