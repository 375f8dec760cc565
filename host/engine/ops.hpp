// The requests a driver serves between two ticks. Each is filled and read off the tick by whoever posts it.
#pragma once

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include <host/engine/driver.hpp>
#include <host/engine/program.hpp>
#include <host/engine/transfer.hpp>

namespace simhost::engine {

// Lanes of one session at rest outside any driver: a checkpoint, the values of creation, lanes on their way.
struct Parcel {
  std::shared_ptr<Block> lanes;  // capacity >= the session's lanes, lane k in slot k
  std::uint32_t count = 0;
};

// What an op found: the state of the session as its driver knew it.
enum class Verdict : std::int8_t { applied, gone, wrong_state, tick_passed, busy, failed };

// Sessions come into a driver. The lists are the driver's complete new ones, swapped in.
class JoinOp final : public Op {
 public:
  enum class Motion { stand, move };
  std::vector<Block*> blocks;
  std::vector<Track*> tracks;
  std::vector<Tap*> taps;
  Track* track = nullptr;
  std::vector<Part> parts;
  Parcel from;
  IdMap map;
  Motion motion = Motion::stand;
  Tap* tap = nullptr;  // laid out on parts
  bool apply(Driver& driver) noexcept override;
};

// A session leaves its driver; its lanes go into `to` when that is set, its slots become padding.
class LeaveOp final : public Op {
 public:
  std::vector<Block*> blocks;
  std::vector<Track*> tracks;
  std::vector<Tap*> taps;
  Track* track = nullptr;
  Parcel to;
  IdMap map;
  std::vector<Part> parts;  // out: where it was
  bool was_moving = false;  // out
  bool apply(Driver& driver) noexcept override;
};

// Starts or ends the motion of a session.
class MoveOp final : public Op {
 public:
  enum class Motion { stand, move };
  Track* track = nullptr;
  Motion motion = Motion::stand;
  std::uint64_t tick = 0;  // out
  bool apply(Driver& driver) noexcept override;
};

// Moves a session on by ticks, not past its stop; finished when it is there.
class AdvanceOp final : public Op {
 public:
  Track* track = nullptr;
  std::uint64_t ticks = 1;
  Verdict verdict = Verdict::applied;
  bool apply(Driver& driver) noexcept override;
};

// Writes values now or at a later tick of the session.
class WriteOp final : public Op {
 public:
  Track* track = nullptr;
  PendingWrite* write = nullptr;  // owned by the session; tick no_tick means now
  std::uint64_t applied_tick = 0;
  std::uint64_t order = 0;  // out: the track's, counted on by this
  Verdict verdict = Verdict::applied;
  bool apply(Driver& driver) noexcept override;
};

// Starts a program at the present tick, what it does there included; ends one.
class BeginOp final : public Op {
 public:
  Track* track = nullptr;
  Program* program = nullptr;  // owned by the session
  std::uint64_t tick = 0;      // out
  Verdict verdict = Verdict::applied;
  bool apply(Driver& driver) noexcept override;
};
class EndOp final : public Op {
 public:
  Track* track = nullptr;
  Program* program = nullptr;
  std::uint64_t tick = 0;  // out
  bool apply(Driver& driver) noexcept override;
};

// Sets where a session is held next (no_tick: nowhere), after releasing it if it is held now.
class HoldOp final : public Op {
 public:
  Track* track = nullptr;
  std::uint64_t at_tick = no_tick;
  std::uint64_t instead_of = no_tick;  // not no_tick: only where it is set to be held at that tick now
  bool apply(Driver& driver) noexcept override;
};

// Runs a command of the model on some lanes.
class CommandOp final : public Op {
 public:
  Track* track = nullptr;
  std::uint32_t command = 0;         // place in the model's table
  std::vector<std::uint32_t> lanes;  // ascending, none empty
  std::vector<double> args;
  std::vector<double> results;  // out: n_results per lane, lane-major; sized by the poster
  std::uint64_t applied_tick = 0;
  std::uint64_t order = 0;  // out: the track's, counted on by this
  std::int32_t status = SIM_OK;
  Verdict verdict = Verdict::applied;
  bool apply(Driver& driver) noexcept override;
};

// Copies columns of one tick: values[id][lane].
class ReadOp final : public Op {
 public:
  Track* track = nullptr;
  std::vector<std::uint32_t> ids;
  std::vector<std::uint32_t> lanes;  // ascending; empty means all
  std::vector<double> values;        // out; sized by the poster
  std::uint64_t tick = 0;
  Verdict verdict = Verdict::applied;
  bool apply(Driver& driver) noexcept override;
};

// Copies a whole session, with what waits for a later tick and what runs.
class CaptureOp final : public Op {
 public:
  Track* track = nullptr;
  Parcel to;
  IdMap map;
  std::vector<const PendingWrite*> pending;  // out; reserved by the poster
  std::vector<const Program*> programs;      // out, saved at this tick; reserved by the poster
  std::uint64_t tick = 0;
  std::uint64_t order = 0;  // out: of the last that is in it
  bool apply(Driver& driver) noexcept override;
};

// Puts a session's lanes back: reset and restore. Pending writes and programs replace those that are there.
class OverwriteOp final : public Op {
 public:
  enum class Motion { keep, stand };
  Track* track = nullptr;
  Parcel from;
  IdMap map;
  std::vector<PendingWrite*> pending;
  std::vector<Program*> programs;
  std::uint64_t tick = 0;
  std::uint64_t row = 0;  // of a playback, which these lanes are
  std::uint64_t stop_tick = no_tick;
  std::uint64_t order = 0;  // out: the track's, counted on by this
  Motion motion = Motion::stand;
  bool apply(Driver& driver) noexcept override;
};

// Changes what a session publishes.
class TapOp final : public Op {
 public:
  Track* track = nullptr;
  Tap* tap = nullptr;      // laid out; nullptr: publish nothing
  std::vector<Tap*> taps;  // the driver's complete new list
  bool apply(Driver& driver) noexcept override;
};

// Changes the settings a driver keeps of a session.
class PolicyOp final : public Op {
 public:
  Track* track = nullptr;
  std::uint64_t stop_tick = no_tick;
  bool skips = false;
  Verdict verdict = Verdict::applied;
  bool apply(Driver& driver) noexcept override;
};

// Exchanges the blocks of one generation for those of the next: same slots, values carried by variable id.
class ExchangeOp final : public Op {
 public:
  struct Pair {
    Block* from;
    Block* to;
  };
  struct TapColumns {
    Tap* tap;
    std::vector<std::uint32_t> columns;
  };
  std::vector<Pair> pairs;
  std::vector<Block*> blocks;  // the driver's complete new list
  IdMap map;
  std::vector<TapColumns> taps;
  std::vector<Track*> tracks;  // those whose parts lie in the exchanged blocks
  std::int64_t stall_ns = 0;   // out: how long the tick had to wait
  bool apply(Driver& driver) noexcept override;
};

// Copies whole blocks beside their driver, to try a new generation on real lanes before it gets them.
class RehearseOp final : public Op {
 public:
  std::vector<ExchangeOp::Pair> pairs;
  IdMap map;
  bool apply(Driver& driver) noexcept override;
};

}  // namespace simhost::engine
