// A store over a database: a bounded queue, and the one thread that empties it a group at a time.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <host/base/limits.hpp>
#include <host/store/database.hpp>
#include <host/store/queue.hpp>

namespace simhost::store {

class QueuedStore final : public Store {
 public:
  struct Options {
    Queue::Bounds bounds{limits::store_queue_bytes, limits::store_queue_changes};
    std::chrono::milliseconds retry_first{limits::store_retry_first_ms}, retry_last{limits::store_retry_last_ms};
  };
  QueuedStore(std::unique_ptr<Database> database, Options options);
  ~QueuedStore() override;  // writes what waits; what cannot be written then is lost, and logged

  bool write(Changes changes) override;
  void committed(std::function<void(Outcome)> done) override;
  [[nodiscard]] Outcome health() const override;
  void seal() override;
  Result<std::vector<Document>> load(std::string_view kind) override;
  Result<std::optional<std::string>> load_blob(std::string_view kind, std::string_view key) override;

 private:
  using Done = std::function<void(Outcome)>;
  void run();
  bool commit_group();
  void settle(std::vector<Done> waiting, const Outcome& outcome);
  Outcome flush();

  const Options options_;
  std::mutex database_mutex_;  // taken before mutex_, never after it
  std::unique_ptr<Database> database_;

  mutable std::mutex mutex_;  // guards everything below
  std::condition_variable came_;
  Queue queue_;
  std::vector<Changes::Change> group_;    // being written, or to be tried again
  std::vector<Done> waiting_, in_group_;  // for what is queued, for the group
  std::optional<Error> down_;             // the last try failed
  bool refused_ = false;                  // a write was not taken since the queue was last empty
  bool sealed_ = false, stop_ = false;
  std::thread writer_;
};

}  // namespace simhost::store
