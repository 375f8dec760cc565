// Values for variables of some lanes, to be applied at one tick boundary.
#pragma once

#include <atomic>
#include <cstdint>
#include <limits>
#include <vector>

namespace simhost::engine {

inline constexpr std::uint64_t no_tick = std::numeric_limits<std::uint64_t>::max();

// One variable of a write: by id, since the column may move with a reload.
struct WriteItem {
  std::uint32_t id;
  std::vector<double> values;  // one for all lanes of the write, or one per lane
};

// Validated before it is posted: ids exist, ranges hold. lanes ascending; empty means every lane.
struct Write {
  std::vector<WriteItem> items;
  std::vector<std::uint32_t> lanes;
};

// A write that waits for its tick; owned by the session, linked into its track while it waits.
struct PendingWrite {
  std::uint64_t tick = 0;
  Write write;
  PendingWrite* next = nullptr;
  std::atomic<bool> spent{false};
};

}  // namespace simhost::engine
