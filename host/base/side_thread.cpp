// The loop of a thread beside the others.
#include <host/base/side_thread.hpp>

#include <utility>

#include <pthread.h>

namespace simhost {

SideThread::SideThread(const char* name, Plan plan) : name_(name), plan_(std::move(plan)) {}

void SideThread::start() {
  const std::lock_guard lock(mutex_);
  start_locked();
}

void SideThread::start_locked() {
  if (!stopped_ && !thread_.joinable()) thread_ = std::thread([this] { run(); });
}

bool SideThread::post(std::function<void()> work) {
  {
    const std::lock_guard lock(mutex_);
    if (stopped_ || waiting_.size() >= plan_.waiting_max) return false;
    waiting_.push_back(std::move(work));
    start_locked();
  }
  came_.notify_one();
  return true;
}

void SideThread::stop() {
  std::deque<std::function<void()>> dropped;
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    if (plan_.at_end == AtEnd::drop) dropped.swap(waiting_);
  }
  came_.notify_one();
  if (thread_.joinable()) thread_.join();
}

void SideThread::run() {
  pthread_setname_np(pthread_self(), name_);
  std::unique_lock lock(mutex_);
  const auto came = [this] { return stopped_ || !waiting_.empty(); };
  for (;;) {
    if (plan_.look)
      came_.wait_for(lock, plan_.period, came);
    else
      came_.wait(lock, came);
    while (!waiting_.empty()) {
      auto work = std::move(waiting_.front());
      waiting_.pop_front();
      lock.unlock();
      work();
      work = nullptr;
      lock.lock();
    }
    if (stopped_) return;
    if (!plan_.look) continue;
    lock.unlock();
    plan_.look();
    lock.lock();
  }
}

}  // namespace simhost
