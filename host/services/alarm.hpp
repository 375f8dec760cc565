// Calls things back at a time: deadlines of handlers and work posted for later. One thread, many alarms.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <thread>
#include <utility>

namespace simhost::services {

// Monotonic nanoseconds, as Clock::monotonic_ns of the system clock.
[[nodiscard]] std::int64_t monotonic_now_ns() noexcept;

class Alarm {
 public:
  using Id = std::uint64_t;  // 0: none

  Alarm();
  ~Alarm();  // what has not rung is dropped

  // [any] ring is called once, on the alarm's thread, and must not block.
  Id set(std::int64_t at_ns, std::function<void()> ring);
  // [any] Whether it was taken back before it rang.
  bool cancel(Id id);

 private:
  void run();

  using Key = std::pair<std::int64_t, Id>;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<Key, std::function<void()>> waiting_;
  std::map<Id, std::int64_t> times_;
  Id next_ = 1;
  bool stop_ = false;
  std::thread thread_;
};

}  // namespace simhost::services
