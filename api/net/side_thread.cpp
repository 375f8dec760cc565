// Work on files, one piece after the other.
#include <api/net/side_thread.hpp>

#include <utility>

#include <pthread.h>

namespace simhost::net {

bool SideThread::post(std::function<void()> work) {
  {
    const std::lock_guard lock(mutex_);
    if (stopped_) return false;
    work_.push_back(std::move(work));
    if (!thread_.joinable()) thread_ = std::thread([this] { run(); });
  }
  came_.notify_one();
  return true;
}

void SideThread::run() {
  pthread_setname_np(pthread_self(), name_);
  std::unique_lock lock(mutex_);
  for (;;) {
    came_.wait(lock, [this] { return stopped_ || !work_.empty(); });
    if (stopped_) return;
    auto work = std::move(work_.front());
    work_.pop_front();
    lock.unlock();
    work();
    work = nullptr;
    lock.lock();
  }
}

void SideThread::stop() {
  std::deque<std::function<void()>> dropped;
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    dropped.swap(work_);
  }
  came_.notify_one();
  if (thread_.joinable()) thread_.join();
}

}  // namespace simhost::net
