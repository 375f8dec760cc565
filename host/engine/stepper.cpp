// The pool behind Stepper: one oneTBB arena per priority class.
#include <host/engine/stepper.hpp>

#include <chrono>

#include <oneapi/tbb/parallel_for.h>
#include <oneapi/tbb/task_arena.h>
#include <oneapi/tbb/task_scheduler_observer.h>

#include <host/engine/float_mode.hpp>
#include <host/engine/handover.hpp>

namespace simhost::engine {

namespace {
constexpr double parallel_from_ns = 40'000;
constexpr double serial_below_ns = 25'000;
constexpr double chunk_ns = 10'000;
constexpr double turn_ns = 250'000;  // how long blocks may run before something more urgent is looked for

std::int64_t now_ns() noexcept {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

class FloatModeObserver : public tbb::task_scheduler_observer {
 public:
  explicit FloatModeObserver(tbb::task_arena& arena) : task_scheduler_observer(arena) { observe(true); }
  ~FloatModeObserver() override { observe(false); }
  void on_scheduler_entry(bool) override { _mm_setcsr(FloatMode::stepping); }
};
}  // namespace

struct Stepper::Arena {
  tbb::task_arena arena;
  FloatModeObserver observer;
  Arena(int slots, unsigned reserved, tbb::task_arena::priority priority)
      : arena(slots, reserved, priority), observer((arena.initialize(), arena)) {}
};

Stepper::Stepper(Priority priority, int slots)
    : slots_(slots),
      arena_(std::make_unique<Arena>(
          slots, priority == Priority::high ? 1U : 0U,
          priority == Priority::high ? tbb::task_arena::priority::high : tbb::task_arena::priority::low)) {}
Stepper::~Stepper() = default;

void Stepper::enqueue(void (*run)(void* context), void* context) {
  hand_over(context);
  arena_->arena.enqueue([run, context] {
    take_over(context);
    const FloatMode mode;
    run(context);
  });
}

void Stepper::step(std::span<Block* const> blocks, BlockTask& task, Load& load, GiveWay* give_way) noexcept {
  if (slots_ < 2 || blocks.size() < 2) return step_serial(blocks, task, give_way);
  const auto begin = now_ns();
  if (load.parallel)
    step_parallel(blocks, task, load, give_way);
  else
    step_serial(blocks, task, give_way);
  const auto spent = static_cast<double>(now_ns() - begin) * (load.parallel ? slots_ : 1);
  load.serial_ns += (spent - load.serial_ns) / 16;
  load.parallel = load.serial_ns > (load.parallel ? serial_below_ns : parallel_from_ns);
}

void Stepper::step_serial(std::span<Block* const> blocks, BlockTask& task, GiveWay* give_way) noexcept {
  for (Block* block : blocks) {
    if (block->moving == 0) continue;
    task.run(*block);
    if (give_way != nullptr && blocks.size() > 1) give_way->between_blocks();
  }
}

void Stepper::step_parallel(std::span<Block* const> blocks, BlockTask& task, Load& load, GiveWay* give_way) noexcept {
  const double per_block_ns = load.serial_ns / static_cast<double>(blocks.size()) + 1;
  const auto grain = static_cast<std::size_t>(chunk_ns / per_block_ns) + 1;
  const auto turn = static_cast<std::size_t>(turn_ns * slots_ / per_block_ns) + 2 * grain;
  for (std::size_t from = 0; from < blocks.size(); from += turn) {
    const char fork{}, join{};
    hand_over(&fork);
    const auto some = blocks.subspan(from, std::min(turn, blocks.size() - from));
    arena_->arena.execute([&] {
      tbb::this_task_arena::isolate([&] {
        tbb::parallel_for(
            tbb::blocked_range<std::size_t>(0, some.size(), grain),
            [&](const tbb::blocked_range<std::size_t>& range) {
              take_over(&fork);
              for (std::size_t i = range.begin(); i != range.end(); ++i)
                if (some[i]->moving != 0) task.run(*some[i]);
              hand_over(&join);
            },
            tbb::static_partitioner{});
      });
    });
    take_over(&join);
    if (give_way != nullptr) give_way->between_blocks();
  }
}

}  // namespace simhost::engine
