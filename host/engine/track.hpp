// A session as its driver sees it: a list of lane ranges, its motion, and what waits for a tick of it.
#pragma once

#include <atomic>
#include <cstdint>
#include <vector>

#include <host/engine/block.hpp>
#include <host/engine/pulse.hpp>
#include <host/engine/write.hpp>

namespace simhost::engine {

class Op;
class Program;
class Source;
class Tap;

// Lanes first_lane..first_lane+count-1 of the session, in slots first..first+count-1 of block.
struct Part {
  Block* block;
  std::uint32_t first, count, first_lane;
};

// Why a track stopped by itself.
enum class TrackEnd : std::int32_t { none, stop_reached, failed };

struct TrackFailure {
  // A lane's error, SIM_FATAL, the policy abort, a recording that cannot be read any further.
  enum class Cause : std::uint8_t { model, plugin, overrun, source };
  Cause cause = Cause::model;
  std::uint32_t lane = 0;
  std::uint64_t tick = 0;
};

// Touched by its driver only, but for what is said to be read from outside.
class Track {
 public:
  std::vector<Part> parts;   // ascending lanes
  std::uint64_t offset = 0;  // tick = beats - offset while moving
  std::uint64_t standing_tick = 0;
  std::uint64_t stop_tick = no_tick;
  std::uint64_t goal_tick = no_tick;  // where a step request ends
  Op* stepping = nullptr;             // finished when the goal is reached
  PendingWrite* pending = nullptr;    // ascending ticks
  Program* programs = nullptr;        // in the order they were started
  Tap* tap = nullptr;
  // Playback: a beat is the next row, whose tick is the recorded one; the track is then alone on its driver.
  Source* source = nullptr;
  std::uint64_t goal_beat = no_tick;  // where a step request ends, which counts rows
  std::uint32_t revision = 0;
  std::uint64_t order = 0;  // counts what came from outside: says of two things at one tick which was first
  bool moving = false;
  // At hold_tick it stands, whatever its pace, until a ReleaseOp: for what must happen exactly there, off the tick.
  std::uint64_t hold_tick = no_tick;
  bool go_on = false;      // held: it moves on when it is released
  bool skips = false;      // overrun policy skip: left out of the catching-up beats
  bool discarded = false;  // a lane said DISCARD; read and reset by the control side once
  bool warned = false;

  [[nodiscard]] std::uint64_t tick(std::uint64_t beats) const noexcept {
    return moving ? beats - offset : standing_tick;
  }
  [[nodiscard]] std::uint32_t lanes() const noexcept {
    return parts.empty() ? 0 : parts.back().first_lane + parts.back().count;
  }

  // Starts or ends motion at beat count beats: blend masks, block counts and the published tick.
  void start(const Pulse::Counter& beats) noexcept;
  void stand(std::uint64_t beats) noexcept;
  // The next tick at which something waits, or no_tick.
  [[nodiscard]] std::uint64_t next_event_tick() const noexcept;

  // Applies values now; runs prepare on the lanes whose parameters changed.
  void apply(const Write& write) noexcept;
  // As apply, but what a program ramps at this tick stays as it has it.
  void write(const Write& write, std::uint64_t tick) noexcept;
  // Everything of the programs that is due; those that are over are unlinked.
  void run_programs(std::uint64_t tick) noexcept;
  void add_program(Program& program) noexcept;
  void end_program(Program& program, std::uint64_t tick) noexcept;  // nothing if it is over
  // Runs the model's reset (with fresh set) and prepare on all lanes.
  enum class Lanes { kept, fresh };
  void prepare(Lanes lanes) noexcept;
  // Runs prepare once on all owned lanes of a block.
  static void prepare_owned(Block& block) noexcept;
  void insert_pending(PendingWrite& write) noexcept;

  // Readable from outside at any time.
  Pulse pulse;
  std::atomic<TrackEnd> end{TrackEnd::none};
  TrackFailure failure;  // valid once end is failed (acquire)
  std::atomic<std::uint64_t> missed{0};
  std::atomic<bool> has_discarded{false};
  std::atomic<bool> held{false};   // it stands at its hold_tick
  std::atomic<bool> moved{false};  // its values and tick were replaced since it was held last

  // Raised by whoever steps the block that failed; settled by the driver after the beat.
  std::atomic<std::int32_t> failing{SIM_OK};
  std::atomic<std::uint32_t> failing_lane{0};
};

}  // namespace simhost::engine
