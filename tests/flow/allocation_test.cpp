// Nothing on the tick path allocates: every call of malloc is counted while beats run, alone and with the pool's help.
#include <atomic>
#include <cstddef>
#include <cstdlib>

#include <gtest/gtest.h>

#include <host/engine/engine.hpp>
#include <host/engine/home.hpp>
#include <tests/support/counter_model.hpp>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SIM_COUNTS_ALLOCATIONS 0
#else
#define SIM_COUNTS_ALLOCATIONS 1
#endif

namespace {
std::atomic<bool> counting{false};
std::atomic<int> allocations{0};
void note_allocation() {
  if (counting.load(std::memory_order_relaxed)) allocations.fetch_add(1);
}
}  // namespace

#if SIM_COUNTS_ALLOCATIONS
extern "C" {
void* __libc_malloc(std::size_t);
void* __libc_calloc(std::size_t, std::size_t);
void* __libc_realloc(void*, std::size_t);
void* __libc_memalign(std::size_t, std::size_t);
void* malloc(std::size_t n) {
  note_allocation();
  return __libc_malloc(n);
}
void* calloc(std::size_t n, std::size_t size) {
  note_allocation();
  return __libc_calloc(n, size);
}
void* realloc(void* p, std::size_t n) {
  note_allocation();
  return __libc_realloc(p, n);
}
void* aligned_alloc(std::size_t alignment, std::size_t n) {
  note_allocation();
  return __libc_memalign(alignment, n);
}
}
#endif

namespace simhost::engine {
namespace {

struct NoRunner final : Runner {
  void wake(Driver&) noexcept override {}
};

// A driver with many sessions, all published, stepped by hand.
struct Rig {
  std::shared_ptr<const StepModel> model = support::make_counter_model();
  NoRunner runner;
  Pulse::Counter beats{0};
  Stepper stepper;
  Driver driver;
  std::vector<std::unique_ptr<Block>> blocks;
  std::vector<std::unique_ptr<Track>> tracks;
  std::vector<std::unique_ptr<Tap>> taps;

  explicit Rig(int threads, std::uint32_t n_blocks)
      : stepper(Stepper::Priority::high, threads), driver(Driver::Kind::free, {}, beats, stepper, runner) {
    for (std::uint32_t b = 0; b < n_blocks; ++b) {
      Block& block = *blocks.emplace_back(std::make_unique<Block>(model, 256, 1'000'000));
      Track& track = *tracks.emplace_back(std::make_unique<Track>());
      track.parts = {{&block, 0, 256, 0}};
      for (auto& owner : block.owner) owner = &track;
      block.recount();
      Tap& tap = *taps.emplace_back(std::make_unique<Tap>(Wanted{{support::sum_id}, {{0, 256}}, 2, 4}));
      tap.place(track);
      tap.attach(track);
      driver.blocks().push_back(&block);
      driver.tracks().push_back(&track);
      driver.taps().push_back(&tap);
    }
    for (const auto& track : tracks) driver.start(*track);
  }

  int count(int n) {
    allocations.store(0);
    counting.store(true);
    for (int i = 0; i < n; ++i) {
      driver.drain();
      driver.beat();
    }
    counting.store(false);
    return allocations.load();
  }
};

TEST(Allocation, NoneWhenOneThreadSteps) {
  Rig rig(1, 20);
  WriteOp write;
  PendingWrite now, later;
  now.tick = no_tick;
  later.tick = 50;
  now.write = later.write = {{{support::rate_id, {2}}, {support::gain_id, {3}}}, {}};
  WriteOp second;
  write.track = second.track = rig.tracks[3].get();
  write.write = &now;
  second.write = &later;
  rig.driver.post(write);
  rig.driver.post(second);
  EXPECT_EQ(rig.count(1000), 0);
  EXPECT_TRUE(write.finished() && second.finished() && later.spent.load());
  EXPECT_EQ(rig.tracks[0]->tick(rig.beats.load()), 1000U);
}

TEST(Allocation, NoneOnceThePoolIsWarm) {
  Rig rig(2, 400);
  rig.count(2000);
  EXPECT_EQ(rig.count(200), 0);
}

TEST(Allocation, IsSeenByTheCounter) {
  if (SIM_COUNTS_ALLOCATIONS == 0) GTEST_SKIP() << "a sanitizer owns malloc in this build";
  allocations.store(0);
  counting.store(true);
  std::free(std::malloc(32));
  counting.store(false);
  EXPECT_GE(allocations.load(), 1);
}

}  // namespace
}  // namespace simhost::engine
