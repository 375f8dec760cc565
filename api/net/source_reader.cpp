// Reading sources one after the other.
#include <api/net/source_reader.hpp>

#include <exception>
#include <utility>

#include <pthread.h>

namespace simhost::net {

void SourceReader::read(std::shared_ptr<http::Source> source, std::size_t wanted_bytes, Then then) {
  {
    const std::lock_guard lock(mutex_);
    if (stopped_) return;
    work_.push_back({std::move(source), wanted_bytes, std::move(then)});
    if (!thread_.joinable()) thread_ = std::thread([this] { run(); });
  }
  came_.notify_one();
}

void SourceReader::run() {
  pthread_setname_np(pthread_self(), "simhost-files");
  std::unique_lock lock(mutex_);
  for (;;) {
    came_.wait(lock, [this] { return stopped_ || !work_.empty(); });
    if (stopped_) return;
    Work work = std::move(work_.front());
    work_.pop_front();
    lock.unlock();
    std::string bytes;
    Outcome read;
    try {
      read = work.source->next(bytes, work.wanted_bytes);
    } catch (const std::exception& exception) {
      read = fail("internal", std::string("a body could not be made: ") + exception.what());
    }
    work.then(read ? Result<std::string>(std::move(bytes)) : Result<std::string>(fail(std::move(read.error()))));
    work = {};
    lock.lock();
  }
}

void SourceReader::stop() {
  std::deque<Work> dropped;
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    dropped.swap(work_);
  }
  came_.notify_one();
  if (thread_.joinable()) thread_.join();
}

}  // namespace simhost::net
