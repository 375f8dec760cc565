// A session: an identity, settings and a state around a seat in the engine. Shared while requests are in flight.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include <host/base/value.hpp>
#include <host/engine/kept.hpp>
#include <host/session/lifecycle.hpp>
#include <host/session/run.hpp>
#include <host/session/spec.hpp>

namespace simhost::session {

struct Reason {
  std::string code, plugin, detail;
  std::uint32_t lane = 0;
  std::uint64_t tick = 0;
};

struct Stats {
  std::uint64_t ticks = 0, missed = 0, overruns = 0, inbox = 0, clients = 0, dropped = 0;
  double lateness_p50_us = 0, lateness_p99_us = 0, lateness_max_us = 0;
  double step_p50_us = 0, step_p99_us = 0, step_max_us = 0;
};

// A consistent copy of everything there is to say about a session.
struct Info {
  std::string id, name, model, plugin, owner;
  std::uint64_t generation = 0, handle = 0;
  State state = State::ready;
  std::optional<Reason> reason;
  std::uint64_t tick = 0;
  double time_s = 0, step_s = 0;
  std::uint32_t lanes = 1;
  engine::Pace pace;
  Overrun overrun = Overrun::catch_up;
  std::optional<double> stop_at_s;
  std::uint64_t seed = 0;
  Tags tags;
  std::shared_ptr<const Playback> playback;  // nullptr: it computes
  std::int64_t created_wall_ns = 0, start_wall_ns = 0, stood_ns = 0;
  Stats stats;
};

// As GET /v1/sessions/{id} shows it.
Value show(const Info& info);

struct Checkpoint {
  std::string id, name;
  engine::Kept lanes;
  std::uint64_t tick = 0;
  std::vector<std::pair<std::uint64_t, engine::Write>> pending;  // tick, write
  std::vector<KeptRun> runs;
  std::uint64_t order = 0;  // of the track: later writes and commands are not in it
  std::uint64_t bytes = 0;
  std::string digest;
  std::int64_t created_wall_ns = 0;
};
Value show(const Checkpoint& checkpoint, std::string_view session_id, double step_s);

struct JournalEntry {
  std::uint64_t number = 0;  // counts a session's entries
  std::uint64_t tick = 0;
  std::int64_t at_wall_ns = 0;
  std::string kind;  // variables, command, pace, reset, restore, reload, scenario
  Value detail;
  std::uint64_t order = 0;  // of the track, of writes and commands; else 0
};

// From where the store continues a session: the newest checkpoint it holds of it, or its creation.
struct Base {
  bool kept = false;  // false: the lanes of creation
  std::uint64_t tick = 0;
  std::uint64_t order = 0;   // journal entries of a higher order are replayed on it
  std::uint64_t number = 0;  // of the last journal entry there was
  std::uint64_t epoch = 0;   // counts resets and restores: ticks of another epoch say nothing
  std::int64_t at_ns = 0;    // monotonic
};

// Control side and requests change it through Registry only; everything public here is [any].
class Session {
 public:
  [[nodiscard]] const std::string& id() const noexcept { return id_; }
  [[nodiscard]] std::uint64_t handle() const noexcept { return handle_; }
  [[nodiscard]] std::uint32_t lanes() const noexcept { return spec_.lanes; }
  [[nodiscard]] std::int64_t step_ns() const noexcept { return spec_.step_ns; }
  [[nodiscard]] const std::shared_ptr<const Playback>& playback() const noexcept { return spec_.playback; }
  [[nodiscard]] const std::string& owner() const noexcept { return spec_.owner; }
  [[nodiscard]] ModelPointer model() const;  // of the present generation
  [[nodiscard]] Info info() const;
  [[nodiscard]] State state() const;
  [[nodiscard]] engine::Pace pace() const;
  [[nodiscard]] std::uint64_t tick() const noexcept { return seat_.track.pulse.tick(); }
  [[nodiscard]] std::vector<std::shared_ptr<const Checkpoint>> checkpoints() const;
  [[nodiscard]] std::shared_ptr<const Checkpoint> find_checkpoint(std::string_view id_or_name) const;
  [[nodiscard]] std::vector<JournalEntry> journal(std::uint64_t after_tick) const;  // later ones; no_tick: all
  [[nodiscard]] bool ended() const noexcept { return ended_.load(); }               // deleted
  // not_found once it is deleted, plugin_missing while it came back without its plugin: then it has no lanes.
  [[nodiscard]] Outcome usable() const;
  [[nodiscard]] std::vector<Run> runs() const;  // scenarios, by start
  [[nodiscard]] std::int64_t created_wall_ns() const noexcept { return created_wall_ns_; }
  // Whether it stands where Registry::hold asked for; moved: a reset or a restore brought it here.
  struct Held {
    bool held = false, moved = false;
    std::uint64_t tick = 0;
  };
  [[nodiscard]] Held held() const noexcept;

  // What the session publishes now; nullptr: nothing. Changed by Registry::set_tap only.
  [[nodiscard]] std::shared_ptr<engine::Tap> tap() const;

  // Kept by the telemetry side for stats.
  std::atomic<std::uint64_t> clients{0}, dropped{0};

 private:
  friend class Registry;
  friend class Control;
  std::string id_;
  std::uint64_t handle_ = 0;
  mutable std::mutex mutex_;  // guards everything below but the seat's own parts
  Spec spec_;
  State state_ = State::ready;
  std::optional<Reason> reason_;
  engine::Seat seat_;
  engine::Kept initial_;  // the lanes of creation, for reset
  std::int64_t created_wall_ns_ = 0, start_wall_ns_ = 0, stood_since_wall_ns_ = 0, stood_ns_ = 0;
  std::deque<std::shared_ptr<const Checkpoint>> checkpoints_;
  std::deque<JournalEntry> journal_;
  std::uint64_t journalled_ = 0;
  std::vector<std::unique_ptr<engine::PendingWrite>> pending_;
  std::vector<Run> runs_;
  std::vector<const void*> holders_;  // since its birth
  std::uint64_t birth_tick_ = 0;
  std::uint64_t hold_next_ = engine::no_tick;  // where it is held once they have let it go
  std::shared_ptr<engine::Tap> tap_;
  std::atomic<std::uint32_t> inbox_{0};
  std::atomic<bool> ended_{false};
  std::atomic<std::size_t> running_{0};  // how many runs there are
  std::atomic<bool> settling_{false}, runs_settling_{false}, discard_said_{false}, pinned_{false};
  Base base_;
  bool missing_ = false;                                      // never seated; does not change
  engine::Pace::Mode seated_ = engine::Pace::Mode::realtime;  // of the driver it sits in now; control side
};
using SessionPointer = std::shared_ptr<Session>;

}  // namespace simhost::session
