// Sleeping on a condition instead of on time.
#include <tests/support/fake_pace_clock.hpp>

namespace simhost::support {

std::int64_t FakePaceClock::now_ns() noexcept {
  const std::lock_guard lock(mutex_);
  if (stalls_ > 0) {
    --stalls_;
    now_ns_ += stall_ns_;
  }
  return now_ns_;
}

void FakePaceClock::sleep_until(std::int64_t deadline_ns) noexcept {
  std::unique_lock lock(mutex_);
  deadline_ns_ = deadline_ns;
  asleep_ = true;
  changed_.notify_all();
  changed_.wait(lock, [&] { return woken_ || now_ns_ >= deadline_ns; });
  asleep_ = woken_ = false;
}

void FakePaceClock::wake() noexcept {
  const std::lock_guard lock(mutex_);
  woken_ = true;
  changed_.notify_all();
}

void FakePaceClock::advance(std::int64_t ns) {
  std::unique_lock lock(mutex_);
  now_ns_ += ns;
  changed_.notify_all();
  changed_.wait(lock, [&] { return asleep_ && !woken_ && deadline_ns_ > now_ns_; });
}

void FakePaceClock::stall_each_look(std::int64_t ns, int looks) {
  const std::lock_guard lock(mutex_);
  stall_ns_ = ns;
  stalls_ = looks;
}

}  // namespace simhost::support
