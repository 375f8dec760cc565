// A timetable of a session: values, ramps and commands at exact ticks. Made off the tick, run by the driver between
// two ticks; what it does depends on ticks alone.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

#include <host/engine/write.hpp>

namespace simhost::engine {

class Block;
class Track;

// One thing that happens. Variables and commands by id, since their places may move with a reload.
struct Cue {
  enum class Kind : std::uint8_t { set, ramp, command };
  Kind kind = Kind::set;
  std::uint64_t at = 0;  // ticks from the start
  std::uint32_t id = 0;
  double value = 0;         // of a ramp where it ends
  std::uint64_t ticks = 0;  // of a ramp how long it takes, 1 at least
  std::vector<double> args;
  friend bool operator==(const Cue&, const Cue&) = default;
};

struct Script {
  std::vector<Cue> cues;             // ascending at
  std::uint64_t period = 0;          // begins again after that many ticks, more than the last cue's; 0: runs once
  std::uint32_t results = 0;         // the most that a command of it gives
  std::vector<std::uint32_t> lanes;  // ascending; empty means all
  friend bool operator==(const Script&, const Script&) = default;
};

class Program {
 public:
  // A ramp of one variable. There is one for each variable that the script ever ramps.
  struct Line {
    std::uint32_t id = 0;
    bool active = false;
    std::uint64_t begin = 0, ticks = 1;  // begin: a tick of the session
    double to = 0;
    std::vector<double> from;  // the value found, per lane
    friend bool operator==(const Line&, const Line&) = default;
  };
  // All of it that changes while it runs.
  struct State {
    std::uint64_t start = 0;  // the tick of the present round
    std::uint64_t place = 0;  // of the next cue
    std::uint64_t done = 0;   // the tick up to which it has run
    std::vector<Line> lines;
    friend bool operator==(const State&, const State&) = default;
  };

  // lanes_in_all: of the session. Everything a run needs is allocated here.
  Program(std::shared_ptr<const Script> script, std::uint32_t lanes_in_all);
  // Goes on where another one was.
  Program(std::shared_ptr<const Script> script, std::uint32_t lanes_in_all, const State& state);

  [[nodiscard]] const std::shared_ptr<const Script>& script() const noexcept { return script_; }
  // How much memory the ramps of a run take.
  static std::uint64_t bytes(const Script& script, std::uint32_t lanes_in_all);

  // --- [step], between two ticks ---
  void begin(std::uint64_t tick) noexcept { state_.start = tick; }
  // Everything due by tick.
  void run(Track& track, std::uint64_t tick) noexcept;
  // Writes again what it ramps, over what somebody else wrote at this tick.
  void insist(Track& track, std::uint64_t tick) noexcept;
  [[nodiscard]] std::uint64_t next_tick() const noexcept;  // no_tick: it is over
  void end(std::uint64_t tick) noexcept { ended_.store(tick, std::memory_order_release); }
  void save() noexcept;  // for saved()
  Program* next = nullptr;

  // --- [any] ---
  [[nodiscard]] std::uint64_t ended() const noexcept { return ended_.load(std::memory_order_acquire); }  // no_tick: no
  [[nodiscard]] std::uint32_t refused() const noexcept { return refused_.load(std::memory_order_relaxed); }
  // Control side, after an op that saved it.
  [[nodiscard]] const State& saved() const noexcept { return saved_; }

 private:
  void perform(Track& track, const Cue& cue, std::uint64_t tick) noexcept;
  void command(Track& track, const Cue& cue) noexcept;
  void move_lines(Track& track, std::uint64_t tick) noexcept;
  Line* line_of(std::uint32_t id) noexcept;
  template <class ValueOf>
  void put(Track& track, std::uint32_t id, ValueOf&& value_of) noexcept;
  void settle(Track& track) noexcept;

  std::shared_ptr<const Script> script_;
  State state_, saved_;
  std::vector<double> results_;
  bool marked_ = false;  // a parameter changed: prepare is due
  std::atomic<std::uint64_t> ended_{no_tick};
  std::atomic<std::uint32_t> refused_{0};  // commands that the model did not take
};

}  // namespace simhost::engine
