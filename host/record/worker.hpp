// A thread that does one piece of work after the other, and looks around now and then.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace simhost::record {

class Worker {
 public:
  // look: called about every period, and after each piece of work; none: never.
  explicit Worker(std::chrono::milliseconds period = std::chrono::hours(1), std::function<void()> look = {});
  void start();  // once; what is posted before waits
  ~Worker();     // what was posted is done first
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  // [any] False: so much waits already that this is refused.
  bool post(std::function<void()> work);
  void stop();

 private:
  void run();
  static constexpr std::size_t waiting_max = 4096;

  std::chrono::milliseconds period_;
  std::function<void()> look_;
  std::mutex mutex_;
  std::condition_variable came_;
  std::deque<std::function<void()>> work_;
  bool stop_ = false;
  std::thread thread_;
};

}  // namespace simhost::record
