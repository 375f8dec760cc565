// The loop of a worker.
#include <host/record/worker.hpp>

#include <utility>

namespace simhost::record {

Worker::Worker(std::chrono::milliseconds period, std::function<void()> look)
    : period_(period), look_(std::move(look)) {}

void Worker::start() {
  thread_ = std::thread([this] { run(); });
}

Worker::~Worker() { stop(); }

void Worker::stop() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  came_.notify_one();
  if (thread_.joinable()) thread_.join();
}

bool Worker::post(std::function<void()> work) {
  {
    const std::lock_guard lock(mutex_);
    if (stop_ || work_.size() >= waiting_max) return false;
    work_.push_back(std::move(work));
  }
  came_.notify_one();
  return true;
}

void Worker::run() {
  std::unique_lock lock(mutex_);
  while (true) {
    came_.wait_for(lock, period_, [this] { return stop_ || !work_.empty(); });
    while (!work_.empty()) {
      auto work = std::move(work_.front());
      work_.pop_front();
      lock.unlock();
      work();
      work = {};
      lock.lock();
    }
    if (stop_) return;
    if (!look_) continue;
    lock.unlock();
    look_();
    lock.lock();
  }
}

}  // namespace simhost::record
