// What the host adds to a tick: empty models, packed sessions and published frames, each beside a bare loop.
#include <benchmark/benchmark.h>

#include <host/base/check.hpp>
#include <host/engine/engine.hpp>
#include <tests/support/empty_model.hpp>

namespace simhost::engine {
namespace {

struct NoRunner final : Runner {
  void wake(Driver&) noexcept override {}
};

// Sessions of one lane packed into the blocks of one driver, as the engine packs them.
struct Packed {
  session::ModelPointer model = support::make_empty();
  NoRunner runner;
  Pulse::Counter beats{0};
  Stepper stepper{Stepper::Priority::high, 1};
  Driver driver{Driver::Kind::free, {}, beats, stepper, runner};
  std::vector<std::unique_ptr<Block>> blocks;
  std::vector<std::unique_ptr<Track>> tracks;

  explicit Packed(std::uint32_t sessions) {
    for (std::uint32_t s = 0; s < sessions; ++s) {
      if (blocks.empty() || blocks.back()->taken() == blocks.back()->capacity())
        blocks.push_back(std::make_unique<Block>(model->step,
                                                 blocks.empty()       ? 8
                                                 : blocks.size() == 1 ? 64
                                                                      : 256,
                                                 1'000'000));
      Block& block = *blocks.back();
      const auto slot = static_cast<std::uint32_t>(block.take(1));
      auto& track = tracks.emplace_back(std::make_unique<Track>());
      track->parts = {{&block, slot, 1, 0}};
      block.owner[slot] = track.get();
      block.recount();
    }
    for (const auto& block : blocks) driver.blocks().push_back(block.get());
    for (const auto& track : tracks) driver.tracks().push_back(track.get());
    for (const auto& track : tracks) driver.start(*track);
  }
};

// The same step through the same C table, and nothing else.
void BM_BareLoop(benchmark::State& state) {
  const auto model = support::make_empty();
  Block block(model->step, 8, 1'000'000);
  Track track;
  block.owner[0] = &track;
  block.active[0] = -1;
  block.recount();
  const auto& table = model->step->table;
  for (auto _ : state) benchmark::DoNotOptimize(table.step(nullptr, &block.step_info(), &block.lanes()));
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_BareLoop);

void BM_EmptyTick(benchmark::State& state) {
  Packed packed(static_cast<std::uint32_t>(state.range(0)));
  for (auto _ : state) packed.driver.beat();
  SIM_CHECK(packed.tracks.back()->tick(packed.beats.load()) == static_cast<std::uint64_t>(state.iterations()),
            "every tick counted");
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_EmptyTick)->Arg(1)->Arg(2)->Arg(8)->Arg(50)->Arg(1000)->Arg(5000);

// A tick that publishes `values` values of one lane, into a ring nobody reads: readers never touch what it writes.
void BM_Publish(benchmark::State& state) {
  Packed packed(1);
  Wanted wanted;
  for (std::int64_t v = 0; v < state.range(0); ++v) wanted.ids.push_back(v % 2 == 0 ? 1 : 2);
  wanted.tiles = {{0, 1}};
  Tap tap(wanted);
  tap.place(*packed.tracks[0]);
  tap.attach(*packed.tracks[0]);
  packed.driver.taps().push_back(&tap);
  for (auto _ : state) packed.driver.beat();
  SIM_CHECK(tap.frames() == static_cast<std::uint64_t>(state.iterations()), "every tick published");
}
BENCHMARK(BM_Publish)->Arg(1)->Arg(20);

// Copying large frames: bytes per second of the copy alone.
void BM_PublishLarge(benchmark::State& state) {
  const auto model = support::make_empty();
  Block block(model->step, 256, 1'000'000);
  Track track;
  track.parts = {{&block, 0, 256, 0}};
  Wanted wanted{std::vector<std::uint32_t>(static_cast<std::size_t>(state.range(0)), 1), {{0, 256}}, 1, 4};
  Tap tap(wanted);
  tap.place(track);
  tap.attach(track);
  std::uint64_t tick = 0;
  for (auto _ : state) {
    tap.begin(++tick);
    tap.copy(*block.taps);
    tap.end(tick, 0, 0);
  }
  state.SetBytesProcessed(state.iterations() * state.range(0) * 256 * 8);
}
BENCHMARK(BM_PublishLarge)->Arg(8)->Arg(64);

}  // namespace
}  // namespace simhost::engine
