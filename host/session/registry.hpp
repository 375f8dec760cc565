// All sessions of the host, and every request to change or read one. Requests come from any thread and are answered by
// a callback on a host thread that must not block; structural work is done by one control thread, in order.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <unordered_map>
#include <vector>

#include <host/base/clock.hpp>
#include <host/base/ids.hpp>
#include <host/base/limits.hpp>
#include <host/engine/digest.hpp>
#include <host/session/chronicle.hpp>
#include <host/session/session.hpp>

namespace simhost::session {

template <class T>
using Done = std::function<void(Result<T>)>;
struct Nothing {};

// What happened, for the event stream. type: session.created, session.state, session.deleted, session.reload,
// session.restored, session.recovered, session.discarded, scenario.started, scenario.ended, plugin.*.
struct Event {
  std::string type;
  std::int64_t at_wall_ns = 0;
  std::string session;  // id, or empty
  Value data;
};
using EventSink = std::function<void(const Event&)>;  // [any] must not block

struct RegistryOptions {
  std::size_t sessions_max, lanes_max;
  std::size_t session_lanes_max = limits::session_lanes;
  std::size_t inbox_max = limits::inbox_entries;  // of one session; as many writes may wait for later ticks
  store::Store* store = nullptr;                  // where sessions are kept; null: nowhere
  double keep_every_s = limits::store_every_s;
};

class Registry {
 public:
  Registry(engine::Engine& engine, Models& models, const Clock& clock, RegistryOptions options);
  ~Registry();  // ends every session

  // --- [any], at once ---
  [[nodiscard]] SessionPointer find(std::string_view id_or_name) const;
  [[nodiscard]] SessionPointer find_handle(std::uint64_t handle) const;
  [[nodiscard]] std::vector<SessionPointer> list() const;  // by creation
  struct Counts {
    std::size_t sessions = 0, lanes = 0;
    std::size_t by_state[5] = {};
  };
  [[nodiscard]] Counts counts() const;
  [[nodiscard]] const Models& models() const noexcept { return models_; }
  [[nodiscard]] const RegistryOptions& options() const noexcept { return options_; }
  // Who makes the sessions of specs that name a recording; nullptr: nobody.
  using Play = std::function<void(Spec, Done<SessionPointer>)>;
  void on_playback(Play play);
  void on_event(EventSink sink);  // adds a listener, before any session is made
  void publish(Event event);      // at_wall_ns 0: now

  // The pump's, after it has moved the floor of the session's tap.
  void nudge(Session& session) noexcept { engine_.nudge(session.seat_); }

  // --- [any], answered later ---
  void create(Spec spec, Done<SessionPointer> done);
  // only_if: asked right before anything changes; its error leaves all as it is. Empty: go ahead.
  using Precondition = std::function<Outcome(const Session&)>;
  void remove(SessionPointer session, Done<Nothing> done, Precondition only_if = {});
  void control(SessionPointer session, Action action, Done<Nothing> done);
  void patch(SessionPointer session, Patch patch, Done<Nothing> done, Precondition only_if = {});
  void advance(SessionPointer session, std::uint64_t ticks, Done<Nothing> done);
  void write(SessionPointer session, WriteRequest request, Done<Applied> done);
  void command(SessionPointer session, CommandRequest request, Done<CommandResult> done);
  void read(SessionPointer session, ReadRequest request, Done<ReadResult> done);
  void checkpoint(SessionPointer session, std::string name, Done<std::shared_ptr<const Checkpoint>> done);
  void forget(SessionPointer session, std::string checkpoint, Done<Nothing> done);
  void restore(SessionPointer session, std::string checkpoint, Done<Nothing> done);
  void fork(SessionPointer session, ForkRequest request, Done<SessionPointer> done);
  // The player's: a playback goes to that row. One that had stopped is paused then.
  struct Row {
    engine::Kept lanes;
    std::uint64_t number = 0;
  };
  void seek(SessionPointer session, Row row, Done<Nothing> done);
  // Scenarios. Each lane takes part in one at most (in_use); it begins at the session's present tick.
  void begin_run(SessionPointer session, RunRequest request, Done<Run> done);
  // Ends those of these lanes (empty: all), or of one scenario or run (empty: any). Answers how many there were.
  struct EndRuns {
    std::vector<std::uint32_t> lanes;
    std::string which;
  };
  void end_runs(SessionPointer session, EndRuns which, Done<std::size_t> done);
  // Where the session stands next, whatever its pace, until the next call (no_tick: nowhere); releases it first where
  // it stands so now. A reset or restore holds it at once, so that the caller looks again. Its state does not change.
  void hold(SessionPointer session, std::uint64_t at_tick, Done<Nothing> done);
  // Asked on the control thread for each session that is about to be, or has come back: true holds it where it is until
  // the holder lets it go, and it runs once all have; to where hold() has asked for meanwhile. An empty function ends
  // it, and lets go of all that the holder holds.
  using Holder = const void*;
  void on_birth(Holder holder, std::function<bool(const Session&)> holds);
  void let_go(const SessionPointer& session, Holder holder);
  // The pump's: what a session publishes from now on; nullptr: nothing.
  void set_tap(SessionPointer session, std::shared_ptr<engine::Tap> tap, Done<Nothing> done);

  // --- reload: runs on the control thread, in order with everything else ---
  using Exchanged = engine::Engine::Exchanged;
  // Replaces model `from` by `to` under all its sessions; nothing changes unless all can.
  void exchange(ModelPointer from, ModelPointer to, Done<Exchanged> done);
  void rehearse(ModelPointer from, ModelPointer to, Done<Nothing> done);
  // Any other work that must be in order with sessions coming and going (loading and unloading of plugins).
  void in_order(std::function<void()> work);

  // --- the store ---
  // Brings back what it holds, once the plugins are loaded; answers how many there are. Each is replayed from its
  // newest checkpoint with its journal to the last tick known, then goes on as it was. Event session.recovered.
  void recover(Done<std::size_t> done);
  // Writes the newest of every session, for an end of the host.
  void keep_all(Done<Nothing> done);

  // Looks for sessions that stopped or failed by themselves and says so; called every few ms by the pump.
  void sweep();

 private:
  void run();
  // All below on the control thread, unless said.
  void set_state(Session& session, State state, std::int64_t wall_ns);
  void say_state(const Session& session, State from, State to);
  void note(Session& session, std::string kind, std::uint64_t tick, Value detail, std::uint64_t order = 0);  // [any]
  Result<SessionPointer> make(Spec spec, const Checkpoint* from);
  // The lanes of a new session, as the spec or the checkpoint has them; they wait for a seat.
  Result<engine::Parcel> furnish(Session& session, Spec spec, const Checkpoint* from);
  static engine::Parcel furnish_playback(Session& session);
  Outcome enter(const SessionPointer& session);
  void leave(const Session& session);
  Result<std::shared_ptr<const Checkpoint>> capture(Session& session, std::string name);
  enum class Digest { with, without };
  Checkpoint take(Session& session, Digest digest);
  enum class Motion { keep, stand };
  std::uint64_t overwrite(Session& session, const Checkpoint& from, Motion motion,
                          std::uint64_t row = 0);                                                 // its order
  engine::PendingWrite* keep_pending(Session& session, engine::Write write, std::uint64_t tick);  // [any]
  Outcome do_control(Session& session, Action action);
  void do_reset(Session& session);
  Outcome do_patch(const SessionPointer& session, const Patch& patch);
  Outcome rename(const SessionPointer& session, const std::string& name);
  Outcome do_remove(const SessionPointer& session);
  void advance_now(const SessionPointer& session, std::uint64_t ticks, Done<Nothing> done);
  Result<SessionPointer> do_fork(Session& session, const ForkRequest& request);
  void settle(Session& session);
  void give_up(const Model& model, std::string why);
  void fail_with(Session& session, Reason reason);
  Result<Run> do_begin_run(Session& session, const RunRequest& request);
  void say_run(Session& session, const Run& run, std::string_view action, std::uint64_t tick);
  // place: holds it at its tick.
  void hold_at_birth(const SessionPointer& session, std::uint64_t tick, const std::function<void()>& place);
  bool ask_holders(Session& session, std::uint64_t tick);
  void sweep_runs(const SessionPointer& session);  // [any]
  void forget_runs(Session& session);              // those that have ended
  static std::vector<KeptRun> keep_runs(const Session& session, const std::vector<const engine::Program*>& programs);
  std::vector<engine::Program*> adopt_runs(Session& session, const Checkpoint& from);
  // What the store is told.
  static KeptSession kept(const Session& session, std::int64_t wall_ns);
  [[nodiscard]] bool is_kept(const Session& session) const;
  void keep(Session& session);  // [any] settings, state and tick
  enum class Epoch { same, next };
  enum class Lanes { of_creation, of_checkpoint };
  void keep_base(Session& session, const Checkpoint& base, Lanes lanes, Epoch epoch);
  void rebase(Session& session);  // from what it is now
  [[nodiscard]] bool is_due(const Session& session, std::int64_t now_ns) const;
  void beat(std::int64_t now_ns);
  void keep_round();
  // How sessions come back.
  struct Replay;
  using ReplayPointer = std::shared_ptr<Replay>;
  ReplayPointer revive(Chronicle::Found found);
  void stand_in(const Chronicle::Found& found, const Error& why);
  void replay(const ReplayPointer& run);
  void move_on(const ReplayPointer& run, std::uint64_t tick);
  bool play(const ReplayPointer& run, const JournalEntry& entry);
  void settle_in(Replay& run);
  std::size_t bring_back(std::vector<Chronicle::Found> all);
  void look_for_plugins();
  // [any] Counts a request in; false when the inbox is full.
  bool admit(Session& session) const;

  engine::Engine& engine_;
  Models& models_;
  const Clock& clock_;
  IdMaker ids_;
  RegistryOptions options_;
  std::vector<EventSink> sinks_;
  std::mutex play_mutex_;  // guards play_
  Play play_;

  std::mutex birth_mutex_;
  std::vector<std::pair<Holder, std::function<bool(const Session&)>>> births_;
  mutable std::mutex mutex_;  // guards the maps
  std::vector<SessionPointer> by_creation_;
  std::unordered_map<std::string, SessionPointer> by_key_;  // id and name
  std::unordered_map<std::uint64_t, SessionPointer> by_handle_;
  std::size_t missing_ = 0;  // sessions without their plugin
  std::uint64_t next_handle_ = 1;
  std::size_t lanes_ = 0;

  Chronicle chronicle_;
  std::atomic<std::int64_t> round_at_ns_{0};
  std::int64_t round_ns_ = 0, beat_ns_ = 0, allowance_bytes_ = 0;  // control side, as what follows
  std::size_t round_place_ = 0;
  std::uint64_t models_seen_ = 0;
  std::vector<Chronicle::Beat> beats_;

  std::mutex work_mutex_;
  std::condition_variable work_came_;
  std::deque<std::function<void()>> work_;
  bool stop_ = false;
  std::thread control_;
};

}  // namespace simhost::session
