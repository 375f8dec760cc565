// The thread that waits for the earliest alarm.
#include <host/services/alarm.hpp>

#include <chrono>

namespace simhost::services {

std::int64_t monotonic_now_ns() noexcept {
  using namespace std::chrono;
  return duration_cast<nanoseconds>(steady_clock::now().time_since_epoch()).count();
}

Alarm::Alarm() : thread_([this] { run(); }) {}

Alarm::~Alarm() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

Alarm::Id Alarm::set(std::int64_t at_ns, std::function<void()> ring) {
  Id id = 0;
  bool earliest = false;
  {
    const std::lock_guard lock(mutex_);
    id = next_++;
    earliest = waiting_.empty() || at_ns < waiting_.begin()->first.first;
    waiting_.emplace(Key{at_ns, id}, std::move(ring));
    times_.emplace(id, at_ns);
  }
  if (earliest) changed_.notify_one();
  return id;
}

bool Alarm::cancel(Id id) {
  const std::lock_guard lock(mutex_);
  const auto found = times_.find(id);
  if (found == times_.end()) return false;
  waiting_.erase(Key{found->second, id});
  times_.erase(found);
  return true;
}

void Alarm::run() {
  std::unique_lock lock(mutex_);
  while (!stop_) {
    if (waiting_.empty()) {
      changed_.wait(lock);
      continue;
    }
    const auto first = waiting_.begin();
    const std::int64_t wait_ns = first->first.first - monotonic_now_ns();
    if (wait_ns > 0) {
      changed_.wait_for(lock, std::chrono::nanoseconds(wait_ns));
      continue;
    }
    auto ring = std::move(first->second);
    times_.erase(first->first.second);
    waiting_.erase(first);
    lock.unlock();
    ring();
    ring = nullptr;
    lock.lock();
  }
}

}  // namespace simhost::services
