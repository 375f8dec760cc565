// The thread on which long bodies are read, so that neither a slow disk nor a costly export holds up the I/O thread.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include <api/http/content.hpp>

namespace simhost::net {

// Starts its thread with the first read. Each connection has one read under way at most, so that they take turns.
class SourceReader {
 public:
  using Then = std::function<void(Result<std::string>)>;

  SourceReader() = default;
  ~SourceReader() { stop(); }
  SourceReader(const SourceReader&) = delete;
  SourceReader& operator=(const SourceReader&) = delete;

  // [any] then runs on the reading thread, with no bytes at the end of the source. Dropped after stop.
  void read(std::shared_ptr<http::Source> source, std::size_t wanted_bytes, Then then);
  // Waits for the read under way, drops the others and their sources.
  void stop();

 private:
  struct Work {
    std::shared_ptr<http::Source> source;
    std::size_t wanted_bytes = 0;
    Then then;
  };
  void run();

  std::mutex mutex_;
  std::condition_variable came_;
  std::deque<Work> work_;
  bool stopped_ = false;
  std::thread thread_;
};

}  // namespace simhost::net
