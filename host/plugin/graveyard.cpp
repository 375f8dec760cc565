// Collects generations nobody holds any more.
#include <host/plugin/graveyard.hpp>

#include <utility>

namespace simhost::plugin {

std::shared_ptr<Generation> Graveyard::adopt(std::unique_ptr<Generation> generation) {
  {
    const std::scoped_lock lock(mutex_);
    waiting_.reserve(++living_);
  }
  return {generation.release(),
          [yard = shared_from_this()](Generation* last) noexcept { yard->arrive(std::unique_ptr<Generation>(last)); }};
}

void Graveyard::arrive(std::unique_ptr<Generation> generation) noexcept {
  const std::scoped_lock lock(mutex_);
  if (!open_) return;  // the parameter goes after the lock
  waiting_.push_back(std::move(generation));
  arrival_.notify_all();
}

std::vector<std::unique_ptr<Generation>> Graveyard::collect(std::chrono::steady_clock::time_point deadline) {
  std::unique_lock lock(mutex_);
  arrival_.wait_until(lock, deadline, [&] { return !waiting_.empty(); });
  auto arrived = std::exchange(waiting_, {});
  living_ -= arrived.size();
  waiting_.reserve(living_);
  return arrived;
}

void Graveyard::close() {
  const std::scoped_lock lock(mutex_);
  open_ = false;
}

}  // namespace simhost::plugin
