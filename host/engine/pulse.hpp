// Where a session's tick can be read by anyone at any time, without a store of its own per tick.
#pragma once

#include <atomic>
#include <cstdint>

namespace simhost::engine {

// While a session moves its tick is its driver's beat count less an offset; else it is a constant. The tick side
// writes on changes of motion only. Beat counters are never freed (Beats below), so a late reader reads a live word.
class Pulse {
 public:
  using Counter = std::atomic<std::uint64_t>;

  void move_with(const Counter& beats, std::uint64_t offset) noexcept { publish(&beats, offset); }
  void stand_at(std::uint64_t tick) noexcept { publish(nullptr, tick); }

  [[nodiscard]] std::uint64_t tick() const noexcept {
    for (;;) {
      const auto before = sequence_.load(std::memory_order_acquire);
      const Counter* beats = beats_.load(std::memory_order_relaxed);
      const auto number = number_.load(std::memory_order_relaxed);
      const auto now = beats != nullptr ? beats->load(std::memory_order_acquire) - number : number;
      std::atomic_thread_fence(std::memory_order_acquire);
      if ((before & 1) == 0 && sequence_.load(std::memory_order_relaxed) == before) return now;
    }
  }

 private:
  void publish(const Counter* beats, std::uint64_t number) noexcept {
    const auto s = sequence_.load(std::memory_order_relaxed);
    sequence_.store(s + 1, std::memory_order_relaxed);
    std::atomic_thread_fence(std::memory_order_release);
    beats_.store(beats, std::memory_order_relaxed);
    number_.store(number, std::memory_order_relaxed);
    sequence_.store(s + 2, std::memory_order_release);
  }

  std::atomic<std::uint32_t> sequence_{0};
  std::atomic<const Counter*> beats_{nullptr};
  std::atomic<std::uint64_t> number_{0};
};

}  // namespace simhost::engine
