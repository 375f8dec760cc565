// The arena behind Parallel.
#include <host/engine/parallel.hpp>

#include <algorithm>
#include <thread>

#include <oneapi/tbb/blocked_range.h>
#include <oneapi/tbb/parallel_for.h>
#include <oneapi/tbb/partitioner.h>
#include <oneapi/tbb/task_arena.h>

#include <host/engine/handover.hpp>

namespace simhost::engine {

namespace {
constexpr std::uint64_t chunks_per_thread = 16;

int slots(int threads) {
  return threads > 0 ? threads : static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
}
}  // namespace

struct Parallel::Arena {
  explicit Arena(int threads) : arena(slots(threads), 1, tbb::task_arena::priority::low) {}
  tbb::task_arena arena;
};

Parallel::Parallel(int threads) : arena_(std::make_unique<Arena>(threads)) {}
Parallel::~Parallel() = default;

bool Parallel::run(std::uint64_t count, void (*piece)(void* context, std::uint64_t i), void* context) noexcept {
  using Range = tbb::blocked_range<std::uint64_t>;
  try {
    const auto threads = static_cast<std::uint64_t>(arena_->arena.max_concurrency());
    const std::uint64_t grain = std::max<std::uint64_t>(1, count / (threads * chunks_per_thread));
    const auto run_chunk = [&](const Range& range) {
      for (std::uint64_t i = range.begin(); i != range.end(); ++i) piece(context, i);
    };
    // Isolated, so that a caller never picks up another caller's pieces while it waits.
    arena_->arena.execute([&] {
      tbb::this_task_arena::isolate(
          [&] { tbb::parallel_for(Range(0, count, grain), run_chunk, tbb::simple_partitioner()); });
    });
    return true;
  } catch (...) {
    return false;
  }
}

}  // namespace simhost::engine
