// The inside of the workers: who waits, who runs, which threads there are. Everything is guarded by one mutex.
#pragma once

#include <condition_variable>
#include <list>
#include <map>
#include <mutex>
#include <thread>

#include <host/services/workers.hpp>

namespace simhost::services {

struct Worker {
  std::thread thread;
  bool given_up = false;  // its task is overdue; it ends when the task does
  bool ended = false;
};

struct Lane::Item {
  enum class Stage : std::uint8_t { waiting, running, overdue, over };
  Task task;
  Stage stage = Stage::waiting;
  std::uint64_t number = 0;
  Alarm::Id alarm = 0;
  Worker* worker = nullptr;
};

// Held by every thread, so that one that is stuck outlives the workers safely.
struct Workers::State : std::enable_shared_from_this<State> {
  using ItemPointer = Lane::ItemPointer;
  using Items = std::vector<ItemPointer>;
  struct Pick {
    LanePointer lane;
    ItemPointer item;
  };

  State(Options given, Alarm& bell) : options(given), alarm(&bell) {}

  // With the mutex held:
  void start_thread();
  bool next(Pick& pick);
  ItemPointer take(Lane& lane);
  void enqueue(const LanePointer& lane);
  Items empty(Lane& lane);
  Items expire(const LanePointer& lane, const ItemPointer& item);
  void finish(const Pick& pick);

  // Without it:
  void work(Worker& worker);
  void ring(const LanePointer& lane, const ItemPointer& item);
  void drop(const Items& items, const Error& why);  // those that empty gave

  const Options options;
  Alarm* alarm;
  mutable std::mutex mutex;
  std::condition_variable came, changed;
  std::deque<LanePointer> ready;            // lanes with something waiting, in turn
  std::map<std::string, std::size_t> busy;  // plugin -> workers it holds
  std::list<Worker> workers;
  std::size_t stuck = 0;
  std::uint64_t next_number = 1;
  bool stop = false;
};

}  // namespace simhost::services
