// Picks tasks fairly among lanes, and gives up threads that do not come back.
#include <host/services/workers_state.hpp>

#include <algorithm>

#include <host/base/log.hpp>

namespace simhost::services {

namespace {

Error timed_out(std::string detail) { return Error{"plugin_timeout", std::move(detail), {}, 0, 1}; }

}  // namespace

void Workers::State::start_thread() {
  std::erase_if(workers, [](Worker& worker) {
    if (worker.ended) worker.thread.join();  // it has left work(), so this does not wait
    return worker.ended;
  });
  Worker& worker = workers.emplace_back();
  worker.thread = std::thread([self = shared_from_this(), &worker] { self->work(worker); });
}

void Workers::State::enqueue(const LanePointer& lane) {
  if (lane->queued_ || !lane->open_) return;
  lane->queued_ = true;
  ready.push_back(lane);
}

// The oldest task of the lane that may run now.
Lane::ItemPointer Workers::State::take(Lane& lane) {
  const auto held = busy.find(lane.plugin_);
  if (held != busy.end() && held->second + 1 >= options.threads) return nullptr;
  if (lane.running_ + lane.overdue_ >= options.replaced_max) return nullptr;
  const bool serial = !lane.serial_.empty() && !lane.serial_runs_;
  const bool concurrent = !lane.concurrent_.empty();
  if (!serial && !concurrent) return nullptr;
  const bool first = serial && (!concurrent || lane.serial_.front()->number < lane.concurrent_.front()->number);
  auto& queue = first ? lane.serial_ : lane.concurrent_;
  ItemPointer item = std::move(queue.front());
  queue.pop_front();
  if (first) lane.serial_runs_ = true;
  ++lane.running_;
  ++busy[lane.plugin_];
  item->stage = Lane::Item::Stage::running;
  return item;
}

bool Workers::State::next(Pick& pick) {
  for (std::size_t turns = ready.size(); turns > 0; --turns) {
    LanePointer lane = std::move(ready.front());
    ready.pop_front();
    pick.item = take(*lane);
    if (!lane->serial_.empty() || !lane->concurrent_.empty())
      ready.push_back(lane);
    else
      lane->queued_ = false;
    if (pick.item != nullptr) {
      pick.lane = std::move(lane);
      return true;
    }
  }
  return false;
}

Workers::State::Items Workers::State::empty(Lane& lane) {
  Items items(lane.serial_.begin(), lane.serial_.end());
  items.insert(items.end(), lane.concurrent_.begin(), lane.concurrent_.end());
  lane.serial_.clear();
  lane.concurrent_.clear();
  for (const auto& item : items) item->stage = Lane::Item::Stage::over;
  return items;
}

// The deadline of a task that runs: its thread is given up for another. Returns what can never run any more.
Workers::State::Items Workers::State::expire(const LanePointer& lane, const ItemPointer& item) {
  item->stage = Lane::Item::Stage::overdue;
  item->worker->given_up = true;
  --lane->running_;
  ++lane->overdue_;
  --busy[lane->plugin_];
  if (item->task.order == Order::serial) lane->serial_runs_ = false;
  ++stuck;
  if (!stop) start_thread();
  return lane->overdue_ >= options.replaced_max ? empty(*lane) : Items{};
}

void Workers::State::ring(const LanePointer& lane, const ItemPointer& item) {
  using Stage = Lane::Item::Stage;
  Items hopeless;
  Stage before = Stage::over;
  {
    const std::lock_guard lock(mutex);
    before = item->stage;
    if (before == Stage::waiting) {
      item->stage = Stage::over;
      std::erase(lane->serial_, item);
      std::erase(lane->concurrent_, item);
    } else if (before == Stage::running) {
      hopeless = expire(lane, item);
    }
  }
  changed.notify_all();
  came.notify_all();
  if (before == Stage::waiting && item->task.drop)
    item->task.drop(timed_out("the plugin \"" + lane->plugin_ + "\" was busy with other requests until the deadline"));
  if (before != Stage::running) return;
  log_warning("services", "a handler runs past its deadline; its worker is replaced", {{"plugin", lane->plugin_}});
  if (item->task.overdue)
    item->task.overdue(timed_out("the plugin \"" + lane->plugin_ + "\" did not answer by the deadline"));
  drop(hopeless, Error{"plugin_stuck", "handlers of the plugin do not return; reload or unload it", {}, 0, 5});
}

// What a task holds goes with it: nothing may keep a generation loaded until its alarm would have rung.
void Workers::State::drop(const Items& items, const Error& why) {
  for (const auto& item : items) {
    if (alarm != nullptr) alarm->cancel(item->alarm);
    const Task task = std::exchange(item->task, {});
    if (task.drop) task.drop(why);
  }
}

void Workers::State::finish(const Pick& pick) {
  Lane& lane = *pick.lane;
  if (pick.item->stage == Lane::Item::Stage::overdue) {
    --lane.overdue_;
    --stuck;
  } else {
    --lane.running_;
    --busy[lane.plugin_];
    if (pick.item->task.order == Order::serial) lane.serial_runs_ = false;
    if (alarm != nullptr) alarm->cancel(pick.item->alarm);
  }
  pick.item->stage = Lane::Item::Stage::over;
}

void Workers::State::work(Worker& worker) {
  std::unique_lock lock(mutex);
  Pick pick;
  while (!worker.given_up) {
    came.wait(lock, [&] { return stop || next(pick); });
    if (pick.item == nullptr) break;
    pick.item->worker = &worker;
    lock.unlock();
    pick.item->task.run();
    lock.lock();
    finish(pick);
    lock.unlock();
    pick = {};  // what the task holds is released without the lock
    changed.notify_all();
    came.notify_all();
    lock.lock();
  }
  worker.ended = true;
  changed.notify_all();
}

}  // namespace simhost::services
