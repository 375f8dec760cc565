// The one pacing thread: runs all real-time drivers, earliest deadline first.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <host/engine/driver.hpp>

namespace simhost::engine {

// Time as the pacing thread sees it; a test gives one it moves by hand.
class PaceClock {
 public:
  virtual ~PaceClock() = default;
  virtual std::int64_t now_ns() noexcept = 0;
  // Sleeps until deadline_ns (never_ns: until woken). May return early.
  virtual void sleep_until(std::int64_t deadline_ns) noexcept = 0;
  virtual void wake() noexcept = 0;  // [any] ends a sleep
  // A sleep longer than this listens for wake(); a shorter one is worth finishing.
  [[nodiscard]] virtual std::int64_t listen_from_ns() const noexcept { return 2'000'000; }
};

// CLOCK_MONOTONIC, absolute, with a spin tail of spin_tail_ns before each deadline.
std::unique_ptr<PaceClock> make_system_pace_clock(std::int64_t spin_tail_ns);

enum class Scheduling { other, fifo };

class Pacer final : public Runner, private GiveWay {
 public:
  Pacer(PaceClock& clock, Scheduling wanted);
  ~Pacer() override;  // joins; no driver may move any more

  // [any] Takes a driver in or out; both wait until it has happened.
  void add(Driver& driver);
  void remove(Driver& driver);
  void wake(Driver& driver) noexcept override;

  // What was obtained: "other" or "fifo"; the slack of the thread's timers.
  [[nodiscard]] const char* scheduling() const noexcept { return fifo_.load() ? "fifo" : "other"; }
  [[nodiscard]] long timer_slack_ns() const noexcept { return slack_ns_.load(); }

 private:
  struct Change;
  void run(Scheduling wanted) noexcept;
  void take_changes() noexcept;
  void change(Change& change);
  void between_blocks() noexcept override;
  [[nodiscard]] Driver* earliest(std::int64_t before_ns) const noexcept;
  void run_driver(Driver& driver, std::int64_t now_ns) noexcept;

  PaceClock& clock_;
  std::vector<Driver*> drivers_;  // the thread's; capacity is reserved
  std::vector<bool> running_;     // those on the call stack
  std::atomic<Change*> changes_{nullptr};
  std::atomic<bool> posted_{false}, far_{false}, stop_{false}, fifo_{false};
  std::atomic<long> slack_ns_{0};
  std::thread thread_;
};

}  // namespace simhost::engine
