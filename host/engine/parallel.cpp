// The arena behind Parallel.
#include <host/engine/parallel.hpp>

#include <algorithm>
#include <thread>

#include <oneapi/tbb/parallel_for.h>
#include <oneapi/tbb/task_arena.h>

#include <host/engine/handover.hpp>

namespace simhost::engine {

namespace {
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
  const char fork{}, join{};
  hand_over(&fork);
  try {
    // Isolated, so that a caller never picks up another caller's pieces while it waits.
    arena_->arena.execute([&] {
      tbb::this_task_arena::isolate([&] {
        tbb::parallel_for(std::uint64_t{0}, count, [&](std::uint64_t i) {
          take_over(&fork);
          piece(context, i);
          hand_over(&join);
        });
      });
    });
    take_over(&join);
    return true;
  } catch (...) {
    return false;
  }
}

}  // namespace simhost::engine
