// Long work that outlives the request that asked for it: who started what, how far it is, how it ended.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <host/base/clock.hpp>
#include <host/base/error.hpp>
#include <host/base/ids.hpp>
#include <host/base/limits.hpp>
#include <host/base/value.hpp>
#include <host/store/store.hpp>

namespace simhost::jobs {

enum class State : std::uint8_t { queued, running, done, failed, cancelled };
std::string_view to_string(State state) noexcept;
inline bool is_open(State state) noexcept { return state == State::queued || state == State::running; }

struct Info {
  std::string id, kind;
  State state = State::queued;
  double progress = 0;  // 0..1
  std::string message;
  Value result;
  std::optional<Error> error;
  std::int64_t created_wall_ns = 0;
};
Value show(const Info& info);

enum class Cancelling : std::uint8_t { possible, impossible };  // of work that has begun

// One piece of work. All [any].
class Job {
 public:
  [[nodiscard]] const std::string& id() const noexcept { return id_; }
  [[nodiscard]] Info info() const;
  // For the work: whether it should end at the next chance, and what it says of itself.
  [[nodiscard]] bool cancel_asked() const noexcept { return cancel_asked_.load(std::memory_order_acquire); }
  void report(double progress, std::string message = {});

 private:
  friend class Jobs;
  std::string id_;
  Cancelling cancelling_ = Cancelling::possible;
  std::atomic<bool> cancel_asked_{false};  // by somebody, or by the end of the host
  std::atomic<bool> cancelled_{false};     // by somebody
  mutable std::mutex mutex_;
  Info info_;
};
using JobPointer = std::shared_ptr<Job>;

struct Options {
  std::size_t threads = 2;
  std::size_t open_max = 64;
  std::size_t kept_max = limits::jobs_kept;  // of those that ended; the oldest are forgotten
};

// All [any]. Jobs are documents of the store; those an earlier process left open are failed, interrupted.
class Jobs {
 public:
  Jobs(const Clock& clock, store::Store& store, Options options = {});
  ~Jobs();  // stops
  Jobs(const Jobs&) = delete;
  Jobs& operator=(const Jobs&) = delete;

  // Asks all to end and waits for those on its threads; what is open then is interrupted at the next start.
  void stop();

  // Work on one of the room's threads; it may block. A cancelled one gives any error. Error: limit_reached.
  using Work = std::function<Result<Value>(Job& job)>;
  Result<JobPointer> run(std::string kind, Work work);
  // Work that somebody else does, beginning now: finish is called once.
  Result<JobPointer> begin(std::string kind, Cancelling cancelling);
  void finish(const JobPointer& job, Result<Value> result);

  [[nodiscard]] std::vector<JobPointer> list() const;  // by creation
  [[nodiscard]] JobPointer find(std::string_view id) const;
  // Of one that waits, or whose work looks at cancel_asked. Error wrong_state: it has ended, or cannot be.
  Outcome cancel(const JobPointer& job);

 private:
  struct Waiting {
    JobPointer job;
    Work work;
  };
  void recall();
  Result<JobPointer> enter(std::string kind, State state, Cancelling cancelling);
  void keep(const Info& info);
  void settle(const JobPointer& job, State state, Result<Value> result);
  void forget_oldest();
  void work();
  void do_work(const Waiting& next);

  const Clock& clock_;
  store::Store& store_;
  const Options options_;
  IdMaker ids_;
  mutable std::mutex mutex_;
  std::condition_variable came_;
  std::deque<JobPointer> jobs_;
  std::deque<Waiting> waiting_;
  bool stop_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace simhost::jobs
