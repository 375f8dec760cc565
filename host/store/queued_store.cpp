// Group commit, and what happens while the database is away.
#include <host/store/queued_store.hpp>

#include <algorithm>
#include <future>
#include <utility>

#include <host/base/log.hpp>

namespace simhost::store {

namespace {

Error queue_full() {
  return {"store_unavailable", "more waits to be written than the queue of the store holds", {}, 0, 1};
}

}  // namespace

QueuedStore::QueuedStore(std::unique_ptr<Database> database, Options options)
    : options_(options), database_(std::move(database)), queue_(options.bounds), writer_([this] { run(); }) {}

QueuedStore::~QueuedStore() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  came_.notify_all();
  writer_.join();
}

bool QueuedStore::write(Changes changes) {
  {
    const std::lock_guard lock(mutex_);
    if (sealed_) return true;
    if (!queue_.add(changes.take())) {
      refused_ = true;
      return false;
    }
  }
  came_.notify_all();
  return true;
}

void QueuedStore::committed(Done done) {
  Outcome outcome;
  {
    const std::lock_guard lock(mutex_);
    const bool idle = queue_.empty() && group_.empty();
    if (down_) {
      outcome = fail(*down_);
    } else if (refused_) {
      outcome = fail(queue_full());
    } else if (!idle) {
      (queue_.empty() ? in_group_ : waiting_).push_back(std::move(done));
      return;
    }
  }
  done(std::move(outcome));
}

Outcome QueuedStore::health() const {
  const std::lock_guard lock(mutex_);
  if (down_) return fail(*down_);
  if (refused_) return fail(queue_full());
  return {};
}

void QueuedStore::seal() {
  const std::lock_guard lock(mutex_);
  sealed_ = true;
}

Outcome QueuedStore::flush() {
  const auto done = std::make_shared<std::promise<Outcome>>();
  auto written = done->get_future();
  committed([done](Outcome outcome) { done->set_value(std::move(outcome)); });
  return written.get();
}

Result<std::vector<Document>> QueuedStore::load(std::string_view kind) {
  if (auto written = flush(); !written) return fail(written.error());
  const std::lock_guard lock(database_mutex_);
  return database_->load(kind);
}

Result<std::optional<std::string>> QueuedStore::load_blob(std::string_view kind, std::string_view key) {
  if (auto written = flush(); !written) return fail(written.error());
  const std::lock_guard lock(database_mutex_);
  return database_->load_blob(kind, key);
}

void QueuedStore::settle(std::vector<Done> waiting, const Outcome& outcome) {
  for (auto& done : waiting) done(outcome);
}

// Returns whether the group is durable. Whoever waits is answered either way; a group that failed is kept, and what
// was queued behind it waits for it.
bool QueuedStore::commit_group() {
  Outcome outcome;
  {
    const std::lock_guard database(database_mutex_);
    outcome = database_->commit(group_);
  }
  std::vector<Done> answered;
  bool back = false;
  {
    const std::lock_guard lock(mutex_);
    answered = std::exchange(in_group_, {});
    if (outcome) {
      group_.clear();
      back = down_.has_value();
      down_.reset();
      if (queue_.empty()) refused_ = false;
    } else {
      if (!down_) log_error("store", "cannot be written", {{"why", outcome.error().detail}});
      down_ = outcome.error();
      if (down_->code == "store_unavailable")
        down_->retry_after_s = std::max(1, static_cast<int>(options_.retry_last.count() / 1000));
      for (auto& done : std::exchange(waiting_, {})) answered.push_back(std::move(done));
    }
  }
  if (back) log_info("store", "is written again");
  settle(std::move(answered), outcome);
  return outcome.has_value();
}

void QueuedStore::run() {
  auto retry = options_.retry_first;
  std::unique_lock lock(mutex_);
  for (;;) {
    came_.wait(lock, [this] { return stop_ || !group_.empty() || !queue_.empty(); });
    if (group_.empty()) {
      if (queue_.empty()) return;  // stop
      group_ = queue_.take();
      in_group_ = std::exchange(waiting_, {});
    }
    lock.unlock();
    const bool done = commit_group();
    lock.lock();
    if (done) {
      retry = options_.retry_first;
      continue;
    }
    if (stop_) {
      log_error("store", "what waited was lost at the end of the host", {{"changes", group_.size()}});
      return;
    }
    came_.wait_for(lock, retry, [this] { return stop_; });
    retry = std::min(retry * 2, options_.retry_last);
  }
}

}  // namespace simhost::store
