// A thread beside those that must not wait: one piece of work after the other, and a look around now and then.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace simhost {

class SideThread {
 public:
  enum class AtEnd : std::uint8_t { drop, finish };  // what waits when it is to stop
  struct Plan {
    AtEnd at_end = AtEnd::drop;
    // Of work not begun. None: whoever posts has a bounded number of pieces under way, as a connection has one.
    std::size_t waiting_max = SIZE_MAX;
    // Called about every period, and whenever what waited is done; none: never.
    std::function<void()> look{};
    std::chrono::milliseconds period{};
  };
  explicit SideThread(const char* name) : SideThread(name, Plan{}) {}
  SideThread(const char* name, Plan plan);  // name: at most 15 characters, and outlives it
  ~SideThread() { stop(); }
  SideThread(const SideThread&) = delete;
  SideThread& operator=(const SideThread&) = delete;

  // [any] In the order it came; the first piece starts the thread. False: it has stopped, or too much waits already,
  // and this is dropped.
  bool post(std::function<void()> work);
  // Starts the thread before there is work, so that it looks around.
  void start();
  // Waits for the work under way, and for what waits or drops it. Not from the thread itself.
  void stop();

 private:
  void start_locked();
  void run();

  const char* const name_;
  const Plan plan_;
  std::mutex mutex_;
  std::condition_variable came_;
  std::deque<std::function<void()>> waiting_;
  bool stopped_ = false;
  std::thread thread_;
};

}  // namespace simhost
