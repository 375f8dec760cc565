// The schedules of the host: kept, shown, and carried out when their time comes.
#pragma once

#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <host/plan/action.hpp>

namespace simhost::plan {

// On simulated time a session stands at the very tick until the actions are done, so what happens depends on ticks
// alone. [any], but for load, start and turn.
class Schedules {
 public:
  Schedules(Hands hands, store::Store& store, const Clock& clock, std::size_t schedules_max = limits::schedules);
  ~Schedules();  // waits for the actions that are under way

  // Brings back what the store has; then start() begins to look for what is due, on a thread of its own.
  Outcome load();
  void start();
  // One look at what is due now; what start() does all the time. For tests, without start().
  void turn();

  Result<Schedule> create(const Value& body);
  Result<Schedule> replace(std::string_view id_or_name, const Value& body);
  Result<Schedule> enable(std::string_view id_or_name, const Value& body);  // {"enabled":…}
  Outcome remove(std::string_view id_or_name);
  [[nodiscard]] std::optional<Schedule> find(std::string_view id_or_name) const;
  [[nodiscard]] std::vector<Schedule> list() const;  // by creation
  [[nodiscard]] Value show(const Schedule& schedule) const;
  // Nothing is under way, and every session that schedules wait for stands at the next of them, when it gets there.
  [[nodiscard]] bool settled() const;

 private:
  struct Entry {
    Schedule schedule;
    bool running = false;
  };
  // A session that schedules of simulated time wait for.
  struct Watch {
    session::SessionPointer session;
    bool busy = false;   // actions or a hold are under way
    bool dirty = false;  // its schedules changed
    bool born = false;   // it has come back, and stands until it is held at the next of them
  };
  struct Due {
    std::string id;
    session::SessionPointer session;
    Value actions;
  };
  using Entries = std::vector<std::unique_ptr<Entry>>;

  void run();
  [[nodiscard]] Entry* at(std::string_view id_or_name) const;
  [[nodiscard]] bool waits_for(std::string_view session) const;
  bool is_born(const session::Session& session);
  Outcome admit(Schedule& schedule, std::string_view own_id);
  Outcome plan(Schedule& schedule);  // its next time, or tick_passed
  void keep(const Schedule& schedule);
  void touch(const std::string& session);
  // All below with the lock held, but for what they start.
  void take_wall(std::int64_t now_ns, std::vector<Due>& due);
  // Sees to where a session is held next; whether it stands there now, so that something may be due.
  bool arm(const std::string& id, Watch& watch);
  void look_at(const std::string& id, Watch& watch, std::vector<std::vector<Due>>& due);
  std::vector<Due> take_held(const Watch& watch, std::uint64_t tick);
  void replan(const Watch& watch, std::uint64_t from_tick);
  void hold_next(Watch& watch);
  void held(const std::string& id);
  // Without the lock.
  void perform(std::vector<Due> due, std::size_t next, std::string watched);
  void finish(const Due& due, const Result<session::Nothing>& result);
  void finish_watch(const std::string& watched);
  void leave();
  [[nodiscard]] std::int64_t wait_ns() const;

  Hands hands_;
  store::Store& store_;
  const Clock& clock_;
  const std::size_t schedules_max_;
  IdMaker ids_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  Entries entries_;  // by creation
  std::map<std::string, Watch> watches_;
  std::size_t under_way_ = 0;
  bool stop_ = false;
  bool news_ = false;  // something has changed since the last look began
  std::thread thread_;
};

}  // namespace simhost::plan
