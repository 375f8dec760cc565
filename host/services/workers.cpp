// Lanes and their tasks from the outside.
#include <host/services/workers.hpp>

#include <algorithm>
#include <chrono>

#include <host/base/check.hpp>
#include <host/services/workers_state.hpp>

namespace simhost::services {

namespace {

constexpr auto last_chance = std::chrono::milliseconds(100);  // of threads that were given up

// Threads that do not return from a plugin cannot be joined; they are kept for the rest of the process.
void leave_behind(std::thread thread) {
  static auto* const lost = new std::list<std::thread>();
  static std::mutex mutex;
  const std::lock_guard lock(mutex);
  lost->push_back(std::move(thread));
}

Error draining() { return Error{"draining", "the plugin is being unloaded or the host is ending", {}, 0, 1}; }

}  // namespace

Workers::Workers(Options options, Alarm& alarm) : state_(std::make_shared<State>(options, alarm)) {
  SIM_CHECK(options.threads >= 2, "with one worker a single plugin would hold them all");
  const std::lock_guard lock(state_->mutex);
  for (std::size_t i = 0; i < options.threads; ++i) state_->start_thread();
}

Workers::~Workers() {
  State::Items dropped;
  std::unique_lock lock(state_->mutex);
  state_->stop = true;
  for (const auto& lane : state_->ready) {
    auto items = state_->empty(*lane);
    dropped.insert(dropped.end(), items.begin(), items.end());
  }
  state_->ready.clear();
  state_->came.notify_all();
  const auto returned = [this](bool also_given_up) {
    return std::ranges::all_of(
        state_->workers, [&](const Worker& worker) { return worker.ended || (worker.given_up && !also_given_up); });
  };
  state_->changed.wait_for(lock, std::chrono::milliseconds(limits::workers_end_ms), [&] { return returned(false); });
  state_->changed.wait_for(lock, last_chance, [&] { return returned(true); });
  state_->alarm = nullptr;
  std::vector<std::thread> join, leave;
  for (auto& worker : state_->workers) (worker.ended ? join : leave).push_back(std::move(worker.thread));
  lock.unlock();
  for (auto& thread : join) thread.join();
  for (auto& thread : leave) leave_behind(std::move(thread));
  state_->drop(dropped, draining());
}

void Workers::open(const LanePointer& lane) {
  {
    const std::lock_guard lock(state_->mutex);
    lane->open_ = true;
    if (!lane->serial_.empty() || !lane->concurrent_.empty()) state_->enqueue(lane);
  }
  state_->came.notify_all();
}

void Workers::close(const LanePointer& lane) {
  State::Items dropped;
  {
    const std::lock_guard lock(state_->mutex);
    lane->closed_ = true;
    dropped = state_->empty(*lane);
  }
  state_->drop(dropped, draining());
}

bool Workers::wait_idle(const LanePointer& lane) {
  std::unique_lock lock(state_->mutex);
  state_->changed.wait(lock, [&] { return lane->running_ == 0; });
  return lane->overdue_ == 0;
}

Outcome Workers::submit(const LanePointer& lane, Task task) {
  const auto item = std::make_shared<Lane::Item>();
  item->task = std::move(task);
  {
    const std::lock_guard lock(state_->mutex);
    if (lane->closed_ || state_->stop) return fail(draining());
    if (lane->overdue_ >= state_->options.replaced_max)
      return fail(Error{"plugin_stuck", "handlers of the plugin do not return; reload or unload it", {}, 0, 5});
    if (lane->serial_.size() + lane->concurrent_.size() >= state_->options.queue_max)
      return fail(Error{"overloaded", "too many requests wait for the plugin", {}, 0, 1});
    item->number = state_->next_number++;
    (item->task.order == Order::serial ? lane->serial_ : lane->concurrent_).push_back(item);
    item->alarm = state_->alarm->set(item->task.deadline_ns, [state = state_, lane, item] { state->ring(lane, item); });
    state_->enqueue(lane);
  }
  state_->came.notify_one();
  return {};
}

Workers::Counts Workers::counts() const {
  const std::lock_guard lock(state_->mutex);
  Counts counts;
  for (const auto& worker : state_->workers) counts.threads += worker.ended ? 0 : 1;
  counts.stuck = state_->stuck;
  return counts;
}

std::size_t Workers::overdue(const LanePointer& lane) const {
  const std::lock_guard lock(state_->mutex);
  return lane->overdue_;
}

}  // namespace simhost::services
