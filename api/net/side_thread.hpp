// A thread beside the I/O thread, for work on files: a slow disk holds up nobody else.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace simhost::net {

// Starts with the first piece of work. Whoever posts keeps it short: one piece under way per connection.
class SideThread {
 public:
  explicit SideThread(const char* name) : name_(name) {}
  ~SideThread() { stop(); }
  SideThread(const SideThread&) = delete;
  SideThread& operator=(const SideThread&) = delete;

  // [any] In the order it came. False after stop: it is dropped.
  bool post(std::function<void()> work);
  // Waits for the work under way, drops the rest.
  void stop();

 private:
  void run();

  const char* name_;  // at most 15 characters
  std::mutex mutex_;
  std::condition_variable came_;
  std::deque<std::function<void()>> work_;
  bool stopped_ = false;
  std::thread thread_;
};

}  // namespace simhost::net
