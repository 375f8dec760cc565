// The engine from the control side: drivers, the seats sessions have in them, and every move between seats.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include <host/base/error.hpp>
#include <host/engine/ops.hpp>
#include <host/engine/pacer.hpp>
#include <host/engine/slices.hpp>
#include <host/engine/tickets.hpp>

namespace simhost::engine {

struct Pace {
  enum class Mode : std::uint8_t { realtime, free, manual };
  Mode mode = Mode::realtime;
  double rate = 1.0;  // of real time
};

struct Home;  // a driver with the control side's books of it

// Where a session sits. Stays at its address for the session's life.
class Seat {
 public:
  Track track;
  std::shared_ptr<const StepModel> model;  // control side
  std::int64_t dt_ns = 0;
  std::int64_t beat_ns = 0;  // simulated time of a beat, where that is not dt_ns: rows of a playback
  std::uint32_t lanes = 0;
  Overrun overrun = Overrun::catch_up;  // control side; decides whether it shares a driver of real time
  std::shared_ptr<Tap> tap;             // control side

  // [any] The driver it has now; stats are of the driver, less what they were when it came.
  struct Stats {
    Histogram::Counts lateness{}, step{};
    double lateness_max_ns = 0, step_max_ns = 0;
    std::uint64_t overruns = 0, missed = 0;
    std::uint64_t beats = 0;  // of totals only
  };
  [[nodiscard]] Stats stats() const;

 private:
  friend class Engine;
  mutable std::mutex route_;  // guards driver_ and held_ against moves
  Driver* driver_ = nullptr;  // nullptr: on its way, requests are held
  std::vector<Op*> held_;
  bool given_up_ = false;
  Home* home_ = nullptr;
  std::uint64_t overruns_before_ = 0;
};

class Engine {
 public:
  struct Options {
    int threads = 0;  // 0: one per core
    std::int64_t spin_tail_ns = 0;
    Scheduling scheduling = Scheduling::other;
    std::int64_t catch_up_max = 10;
    PaceClock* clock = nullptr;  // a test's; nullptr: the system's
  };
  explicit Engine(Options options);
  ~Engine();  // every seat has been removed

  // [any] Posts an op of seat; served is called on the tickets' thread. False: the seat is given up, nothing happens.
  bool post(Seat& seat, std::unique_ptr<Op> op, Tickets::Served served);

  // [any] A reader that may miss nothing has made room: a session that waited for it goes on.
  void nudge(Seat& seat) noexcept;

  // --- control side: one thread at a time; each waits until it has happened ---
  // Takes the lanes of from (already reset and prepared) into a driver of that pace.
  Outcome join(Seat& seat, const Parcel& from, Pace pace, JoinOp::Motion motion);
  // Moves it to a driver of another pace or policy, at boundaries of both; it moves on if it did. Nothing happens when
  // it sits in such a driver already.
  Outcome move(Seat& seat, Pace pace, Overrun overrun);
  void remove(Seat& seat);
  void set_tap(Seat& seat, std::shared_ptr<Tap> tap);
  void serve(Seat& seat, Op& op);  // posts and waits

  // A parcel of count lanes with start values, seed and lane numbers; nothing is run on it.
  static Parcel make_parcel(std::shared_ptr<const StepModel> model, std::int64_t dt_ns, std::uint32_t count,
                            std::uint64_t seed);
  // Runs reset (when fresh) and prepare on all lanes of a parcel, on this thread. Not OK: the model refused.
  static std::int32_t prepare(const Parcel& parcel, Track::Lanes lanes);

  // Replaces one generation of a model by another under all its sessions. Nothing changes unless all can.
  struct Exchanged {
    std::vector<std::int64_t> stalls_ns;  // per driver
    std::uint32_t sessions = 0;
  };
  Result<Exchanged> exchange(const std::shared_ptr<const StepModel>& from, const std::shared_ptr<const StepModel>& to);
  // The rehearsal alone: builds, copies and prepares, and drops it all.
  Outcome rehearse(const std::shared_ptr<const StepModel>& from, const std::shared_ptr<const StepModel>& to);

  [[nodiscard]] const Pacer& pacer() const noexcept { return *pacer_; }
  [[nodiscard]] std::size_t drivers() const noexcept { return homes_.size(); }
  // [ctl] Of all drivers so far.
  [[nodiscard]] Seat::Stats totals() const;

 private:
  Result<Home*> home_for(Pace pace, const Seat& seat, Overrun overrun);
  Result<Home*> realtime_home(std::int64_t period_ns, Overrun overrun);
  Home& make_home(Driver::Kind kind, Driver::Schedule schedule);
  void close_if_empty(Home* home);
  std::vector<Part> reserve(Home& home, const Seat& seat);
  void leave(Seat& seat, const Parcel* to, bool& was_moving);
  void sit(Seat& seat, Home& home, const Parcel& from, JoinOp::Motion motion);
  Block& block_with_room(Home& home, const Seat& seat, std::uint32_t lanes);
  struct Swap;
  std::vector<Swap> prepare_swaps(const std::shared_ptr<const StepModel>& from,
                                  const std::shared_ptr<const StepModel>& to);
  Outcome try_swaps(std::vector<Swap>& swaps, const IdMap& map);

  Options options_;
  std::unique_ptr<PaceClock> own_clock_;
  std::deque<Pulse::Counter> counters_;  // never shrinks: pulses may still read a word of a driver that is gone
  std::vector<Pulse::Counter*> free_counters_;
  std::vector<std::unique_ptr<Home>> homes_;
  Seat::Stats gone_;  // of drivers that are no more
  std::unique_ptr<Stepper> high_;
  std::unique_ptr<Slices> slices_;
  std::unique_ptr<Pacer> pacer_;
  Tickets tickets_;
};

}  // namespace simhost::engine
