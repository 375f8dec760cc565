// Where generations go when their last holder lets go, until the control side takes them down.
#pragma once

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <vector>

#include <host/plugin/generation.hpp>

namespace simhost::plugin {

// Any thread may release a generation, also one that steps; plugin code and dlclose run only where collect's caller is.
class Graveyard : public std::enable_shared_from_this<Graveyard> {
 public:
  // From here on the last release of the pointer brings the generation here.
  std::shared_ptr<Generation> adopt(std::unique_ptr<Generation> generation);
  // Those that arrived; waits until the deadline for a first one.
  std::vector<std::unique_ptr<Generation>> collect(std::chrono::steady_clock::time_point deadline);
  // Whoever is released after this is taken down by the releasing thread.
  void close();

 private:
  void arrive(std::unique_ptr<Generation> generation) noexcept;

  std::mutex mutex_;
  std::condition_variable arrival_;
  std::vector<std::unique_ptr<Generation>> waiting_;
  std::size_t living_ = 0;  // adopted and not collected: what waiting_ has room for
  bool open_ = true;
};

}  // namespace simhost::plugin
