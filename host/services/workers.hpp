// The threads on which handlers, jobs and messages of plugins run: one lane per generation, a deadline for each task.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <host/base/error.hpp>
#include <host/base/limits.hpp>
#include <host/services/alarm.hpp>

namespace simhost::services {

enum class Order : std::uint8_t { serial, concurrent };

// One call into a plugin: either run or drop is called, once. All three may be empty but run.
struct Task {
  std::function<void()> run{};                  // on a worker
  std::function<void(const Error&)> drop{};     // instead of run: overdue before it began, or the lane was closed
  std::function<void(const Error&)> overdue{};  // while run is still at it, on the alarm's thread; must not block
  std::int64_t deadline_ns = 0;                 // monotonic
  Order order = Order::serial;
};

class Workers;

// What a generation has waiting and running. Serial tasks run one at a time, in order; concurrent ones beside them.
// A task past its deadline counts no more: its worker is replaced, and the next may run beside it.
class Lane {
 public:
  explicit Lane(std::string plugin) : plugin_(std::move(plugin)) {}
  [[nodiscard]] const std::string& plugin() const noexcept { return plugin_; }

 private:
  friend class Workers;
  struct Item;
  using ItemPointer = std::shared_ptr<Item>;

  // Guarded by the workers' mutex.
  const std::string plugin_;
  std::deque<ItemPointer> serial_, concurrent_;
  std::size_t running_ = 0;  // within their deadline
  std::size_t overdue_ = 0;  // past it and still running: threads given up
  bool serial_runs_ = false;
  bool open_ = false, closed_ = false, queued_ = false;
};
using LanePointer = std::shared_ptr<Lane>;

class Workers {
 public:
  struct Options {
    std::size_t threads = limits::route_workers;                // at least 2: no plugin may hold them all
    std::size_t replaced_max = limits::route_workers_replaced;  // per lane
    std::size_t queue_max = limits::plugin_queue;               // per lane
  };
  Workers(Options options, Alarm& alarm);
  ~Workers();  // drops what waits, waits a while for what runs; threads stuck in a plugin are left behind

  // A lane takes tasks at once but runs none before open.
  [[nodiscard]] static LanePointer make_lane(std::string plugin) { return std::make_shared<Lane>(std::move(plugin)); }
  void open(const LanePointer& lane);
  // Drops what waits and refuses what comes, as draining.
  void close(const LanePointer& lane);
  // Waits until nothing of the lane runs within its deadline. False: something runs past it.
  bool wait_idle(const LanePointer& lane);

  // [any] Errors, with no part of the task called: overloaded (the queue is full), plugin_stuck, draining.
  Outcome submit(const LanePointer& lane, Task task);

  struct Counts {
    std::size_t threads = 0, stuck = 0;
  };
  [[nodiscard]] Counts counts() const;
  // Threads the lane has lost to handlers that do not return.
  [[nodiscard]] std::size_t overdue(const LanePointer& lane) const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace simhost::services
