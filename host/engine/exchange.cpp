// Reload as the engine does it: rehearse on copies, then one pointer swap per driver.
#include <host/base/check.hpp>
#include <host/engine/engine.hpp>
#include <host/engine/float_mode.hpp>
#include <host/engine/home.hpp>

#include <algorithm>

namespace simhost::engine {

// What changes in one home: fresh blocks beside the old ones, slot for slot.
struct Engine::Swap {
  Home* home;
  std::vector<ExchangeOp::Pair> pairs;
  std::vector<std::unique_ptr<Block>> fresh;
};

std::vector<Engine::Swap> Engine::prepare_swaps(const std::shared_ptr<const StepModel>& from,
                                                const std::shared_ptr<const StepModel>& to) {
  std::vector<Swap> swaps;
  for (const auto& home : homes_) {
    Swap swap{home.get(), {}, {}};
    for (const auto& block : home->blocks) {
      if (block->model_pointer() != from) continue;
      swap.fresh.push_back(std::make_unique<Block>(to, block->capacity(), block->dt_ns()));
      swap.pairs.push_back({block.get(), swap.fresh.back().get()});
    }
    if (!swap.pairs.empty()) swaps.push_back(std::move(swap));
  }
  return swaps;
}

Outcome Engine::try_swaps(std::vector<Swap>& swaps, const IdMap& map) {
  const FloatMode mode;
  for (auto& swap : swaps) {
    RehearseOp copy;
    copy.pairs = swap.pairs;
    copy.map = map;
    swap.home->driver->post(copy);
    Tickets::wait(copy);
    for (const auto& [from, to] : swap.pairs) {
      Parcel lanes{std::shared_ptr<Block>(std::shared_ptr<void>(), to), from->capacity()};
      if (prepare(lanes, Track::Lanes::kept) > SIM_WARNING)
        return fail("plugin_error", "the new generation's prepare failed on copies of the running lanes");
    }
  }
  return {};
}

Outcome Engine::rehearse(const std::shared_ptr<const StepModel>& from, const std::shared_ptr<const StepModel>& to) {
  auto swaps = prepare_swaps(from, to);
  return try_swaps(swaps, map_by_id(*from, *to));
}

Result<Engine::Exchanged> Engine::exchange(const std::shared_ptr<const StepModel>& from,
                                           const std::shared_ptr<const StepModel>& to) {
  auto swaps = prepare_swaps(from, to);
  const IdMap map = map_by_id(*from, *to);
  if (auto tried = try_swaps(swaps, map); !tried) return fail(tried.error());
  Exchanged report;
  for (auto& swap : swaps) {
    ExchangeOp op;
    op.pairs = swap.pairs;
    op.map = map;
    for (Seat* seat : swap.home->seats) {
      if (seat->model != from) continue;
      seat->model = to;
      op.tracks.push_back(&seat->track);
      ++report.sessions;
      if (seat->tap == nullptr) continue;
      ExchangeOp::TapColumns columns{seat->tap.get(), {}};
      for (const auto id : seat->tap->wanted().ids) {
        const auto at = std::ranges::find(to->columns, id, &Column::id);
        columns.columns.push_back(static_cast<std::uint32_t>(at - to->columns.begin()));
      }
      op.taps.push_back(std::move(columns));
    }
    std::vector<std::unique_ptr<Block>> old;
    for (auto& block : swap.home->blocks)
      for (std::size_t i = 0; i < swap.pairs.size(); ++i)
        if (block.get() == swap.pairs[i].from) {
          swap.fresh[i]->adopt_slots(*block);
          old.push_back(std::exchange(block, std::move(swap.fresh[i])));
          break;
        }
    op.blocks = swap.home->block_list();
    swap.home->driver->post(op);
    Tickets::wait(op);
    report.stalls_ns.push_back(op.stall_ns);
  }
  return report;
}

}  // namespace simhost::engine
