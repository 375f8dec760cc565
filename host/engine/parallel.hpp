// Independent pieces of work off the tick, spread over a low-priority arena: what sim.jobs offers plugins.
#pragma once

#include <cstdint>
#include <memory>

namespace simhost::engine {

class Parallel {
 public:
  explicit Parallel(int threads);  // the caller included; 0: one per core
  ~Parallel();

  // Calls piece(context, i) for each i below count and returns when all are done. [any] several callers at once.
  // False: a call let an exception out; then not all may have run.
  bool run(std::uint64_t count, void (*piece)(void* context, std::uint64_t i), void* context) noexcept;

 private:
  struct Arena;
  std::unique_ptr<Arena> arena_;
};

}  // namespace simhost::engine
