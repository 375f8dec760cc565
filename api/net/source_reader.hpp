// The thread on which long bodies are read, so that neither a slow disk nor a costly export holds up the I/O thread.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include <api/http/content.hpp>
#include <host/base/side_thread.hpp>

namespace simhost::net {

// Each connection has one read under way at most, so that they take turns.
class SourceReader {
 public:
  using Then = std::function<void(Result<std::string>)>;

  // [any] then runs on the reading thread, with no bytes at the end of the source. Dropped after stop.
  void read(std::shared_ptr<http::Source> source, std::size_t wanted_bytes, Then then);
  // Waits for the read under way, drops the others and their sources.
  void stop() { thread_.stop(); }

 private:
  SideThread thread_{"simhost-files"};
};

}  // namespace simhost::net
