// A schedule of blocks: steps all of them beat by beat and serves its sessions' requests between beats. No thread.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <limits>
#include <vector>

#include <host/engine/histogram.hpp>
#include <host/engine/op.hpp>
#include <host/engine/stepper.hpp>
#include <host/engine/tap.hpp>
#include <host/engine/track.hpp>

namespace simhost::engine {

class Driver;

// Who runs a driver: told when it has something to serve.
class Runner {
 public:
  virtual ~Runner() = default;
  virtual void wake(Driver& driver) noexcept = 0;  // [any]
};

// What becomes of ticks that come late. catch_up and skip share drivers; slow and abort have one each, whose clock the
// session owns: slow pushes it back, abort ends at the first overrun.
enum class Overrun : std::uint8_t { catch_up, skip, slow, abort };
[[nodiscard]] constexpr bool owns_clock(Overrun overrun) noexcept { return overrun >= Overrun::slow; }

inline constexpr std::int64_t never_ns = std::numeric_limits<std::int64_t>::max();

class Driver final : private BlockTask {
 public:
  enum class Kind { realtime, free, manual };
  // period and phase of real time, in wall ns; both 0 for the others.
  struct Schedule {
    std::int64_t period_ns = 0, phase_ns = 0;
    std::int64_t catch_up_max = 10;       // due ticks run back to back; the rest are missed
    Overrun overrun = Overrun::catch_up;  // as catch_up also for sessions that skip
  };

  Driver(Kind kind, Schedule schedule, Pulse::Counter& beats, Stepper& stepper, Runner& runner);

  [[nodiscard]] Runner& runner() const noexcept { return runner_; }
  [[nodiscard]] Kind kind() const noexcept { return kind_; }
  [[nodiscard]] const Schedule& schedule() const noexcept { return schedule_; }
  [[nodiscard]] const Pulse::Counter& beat_counter() const noexcept { return beats_; }

  // [any] Queues op; served at the next boundary, at once when the driver stands.
  void post(Op& op) noexcept {
    inbox_.push(op);
    runner_.wake(*this);
  }

  // --- for whoever runs it, one thread at a time ---
  [[nodiscard]] bool has_requests() const noexcept { return !inbox_.empty(); }
  void drain() noexcept;
  void beat() noexcept;
  [[nodiscard]] bool moving() const noexcept { return moving_ > 0; }
  // Something moves, and no reader that may miss nothing is so far behind that it must be waited for (real time never
  // waits for one), and what is played is there.
  [[nodiscard]] bool waits() const noexcept {
    return kind_ != Kind::realtime && std::ranges::any_of(taps_, [](const Tap* tap) { return tap->full(); });
  }
  [[nodiscard]] bool ready() const noexcept { return moving_ > 0 && !waits() && !starved(); }
  // A frame that could not be published is due, and there is room for it now.
  [[nodiscard]] bool may_renew() const noexcept;
  void renew() noexcept;
  // Real time: when the next wake-up is due, or never_ns while nothing moves.
  [[nodiscard]] std::int64_t next_due_ns() const noexcept { return moving_ > 0 ? next_wake_ns_ : never_ns; }
  // Real time: drains, then runs what is due by now. now() is asked again after each beat.
  using Now = std::int64_t (*)(void* clock) noexcept;
  void run_due(std::int64_t now_ns, Now now, void* clock, GiveWay* give_way) noexcept;
  [[nodiscard]] bool running() const noexcept { return running_; }  // run_due is on the call stack

  // --- for ops ---
  [[nodiscard]] std::uint64_t beats() const noexcept { return beats_.load(std::memory_order_relaxed); }
  std::vector<Block*>& blocks() noexcept { return blocks_; }
  std::vector<Track*>& tracks() noexcept { return tracks_; }
  std::vector<Tap*>& taps() noexcept { return taps_; }  // capacity is the poster's duty
  void start(Track& track) noexcept;
  void stand(Track& track) noexcept;
  void hold(Track& track) noexcept;          // at its present tick; start and stand then only say what comes after
  void release(Track& track) noexcept;       // a held one
  void expect(const Track& track) noexcept;  // something of this track waits for a tick
  void republish(Track& track) noexcept;
  void set_now(std::int64_t now_ns) noexcept { woken_ns_ = now_ns; }

  // [any]
  [[nodiscard]] const Histogram& lateness() const noexcept { return lateness_; }
  [[nodiscard]] const Histogram& step_time() const noexcept { return step_time_; }
  Histogram& step_time() noexcept { return step_time_; }
  [[nodiscard]] std::uint64_t overruns() const noexcept { return overruns_.load(std::memory_order_relaxed); }
  [[nodiscard]] std::uint64_t missed() const noexcept { return missed_.load(std::memory_order_relaxed); }
  [[nodiscard]] std::uint64_t late() const noexcept { return late_.load(std::memory_order_relaxed); }
  // Of the runner of free and manual drivers: none, a slice is queued or runs, or it was woken since that began; how
  // many slices there are.
  enum class Turn : std::uint8_t { none, taken, woken };
  std::atomic<Turn> turn{Turn::none};
  std::atomic<int> slices{0};

 private:
  void run(Block& block) noexcept override;
  void note_trouble(Block& block) noexcept;
  void settle_failures() noexcept;
  void fail(Track& track, TrackFailure failure) noexcept;
  void abort() noexcept;
  void serve_events() noexcept;
  bool serve_track(Track& track) noexcept;
  void align(std::int64_t now_ns) noexcept;
  void run_beats(std::int64_t now_ns, Now now, void* clock) noexcept;
  void drop(std::int64_t beats) noexcept;
  [[nodiscard]] std::int64_t beats_allowed(std::int64_t due, std::int64_t bundled) noexcept;
  void run_burst(std::int64_t beats, Now now, void* clock) noexcept;
  enum class Skipping { rest, move };
  void set_skipping(Skipping what, std::int64_t skipped) noexcept;
  // Playback: the one track of this driver, or nullptr; whether its next row has not been fetched yet.
  [[nodiscard]] Track* player() const noexcept {
    return tracks_.size() == 1 && tracks_.front()->source != nullptr ? tracks_.front() : nullptr;
  }
  [[nodiscard]] bool starved() const noexcept;
  std::uint64_t take_row(Track& track) noexcept;
  void release_row(Track& track) noexcept;

  Kind kind_;
  Schedule schedule_;
  Pulse::Counter& beats_;
  Stepper& stepper_;
  Runner& runner_;
  OpQueue inbox_;
  std::vector<Block*> blocks_;
  std::vector<Track*> tracks_;
  std::vector<Tap*> taps_;
  Stepper::Load load_;
  GiveWay* give_way_ = nullptr;
  std::uint64_t next_event_ = no_tick;
  std::uint32_t moving_ = 0;  // tracks
  std::uint32_t skipping_ = 0;
  bool running_ = false;
  std::int64_t next_due_ns_ = 0, next_wake_ns_ = 0, woken_ns_ = 0;
  std::atomic<bool> trouble_{false};
  Histogram lateness_, step_time_;
  std::atomic<std::uint64_t> overruns_{0}, missed_{0}, late_{0};
};

}  // namespace simhost::engine
