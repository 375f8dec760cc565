// The one function that moves lanes: packing, change of driver, reload, checkpoint, restore and fork are its callers.
#pragma once

#include <cstdint>
#include <vector>

#include <host/engine/block.hpp>

namespace simhost::engine {

// Which column of the source feeds which of the target. Columns of the target that nothing feeds keep their values.
struct IdMap {
  struct Pair {
    std::uint32_t from, to;
  };
  std::vector<Pair> columns;
  bool carry_work = false;  // only within one generation: work is derived, a new generation derives its own
};

// By stable variable id and equal causality.
IdMap map_by_id(const StepModel& from, const StepModel& to);

// Copies count lanes with tick, time, seed and place in the session; active and status stay the target's.
// [step] or off the tick on blocks no driver holds; allocates nothing.
void transfer(const Block& from, std::uint32_t from_first, Block& to, std::uint32_t to_first, std::uint32_t count,
              const IdMap& map) noexcept;

}  // namespace simhost::engine
