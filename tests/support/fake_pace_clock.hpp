// A pace clock that a test moves by hand: ticks happen when it says so, in no wall time.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>

#include <host/engine/pacer.hpp>

namespace simhost::support {

class FakePaceClock final : public engine::PaceClock {
 public:
  std::int64_t now_ns() noexcept override;
  void sleep_until(std::int64_t deadline_ns) noexcept override;
  void wake() noexcept override;
  // Requests are served while time stands.
  [[nodiscard]] std::int64_t listen_from_ns() const noexcept override { return 0; }

  // Moves time on and returns once the pacing thread has done what was due and sleeps again.
  void advance(std::int64_t ns);
  // The next n calls of now_ns() each move time on by so much: a thread that is held up between them.
  void stall_each_look(std::int64_t ns, int looks);

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::int64_t now_ns_ = 1'000'000'000;
  std::int64_t stall_ns_ = 0, deadline_ns_ = 0;
  int stalls_ = 0;
  bool asleep_ = false, woken_ = false;
};

}  // namespace simhost::support
