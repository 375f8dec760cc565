// Steps a list of blocks once, on the caller alone or with the pool's help, whichever has been faster.
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include <host/engine/block.hpp>

namespace simhost::engine {

// What is done with one block of a beat; called from several threads for different blocks.
class BlockTask {
 public:
  virtual ~BlockTask() = default;
  virtual void run(Block& block) noexcept = 0;
};

// Lets something more urgent go first between two blocks.
class GiveWay {
 public:
  virtual ~GiveWay() = default;
  virtual void between_blocks() noexcept = 0;
};

// One per priority class. The pool's workers set the stepping floating-point mode when they come in.
class Stepper {
 public:
  enum class Priority { high, low };
  // slots: how many threads may work at once, the caller included.
  Stepper(Priority priority, int slots);
  ~Stepper();

  // History that decides between serial and parallel; one per driver.
  struct Load {
    double serial_ns = 0;  // moving average of a beat's work, summed over threads
    bool parallel = false;
  };
  // Serial below 40 us of work per beat, parallel above, with hysteresis; never with one slot or one block.
  void step(std::span<Block* const> blocks, BlockTask& task, Load& load, GiveWay* give_way) noexcept;

  // [any] Runs work soon on a pool thread, in the stepping floating-point mode.
  void enqueue(void (*run)(void* context), void* context);

  [[nodiscard]] int slots() const noexcept { return slots_; }

 private:
  void step_serial(std::span<Block* const> blocks, BlockTask& task, GiveWay* give_way) noexcept;
  void step_parallel(std::span<Block* const> blocks, BlockTask& task, Load& load, GiveWay* give_way) noexcept;

  struct Arena;
  int slots_;
  std::unique_ptr<Arena> arena_;
};

}  // namespace simhost::engine
