// The fingerprint of a session's simulated state: equal states, equal digests.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <host/engine/block.hpp>
#include <host/engine/program.hpp>
#include <host/engine/write.hpp>

namespace simhost::engine {

// What of a session is not in its lanes and yet decides what becomes of them.
struct Outlook {
  std::vector<const PendingWrite*> pending;  // by tick
  std::vector<const Program*> programs;      // saved, in any order
};

// BLAKE2b-256, as hex, over model id, schema version, dt, lanes, seed, tick; then by ascending variable id parameters,
// inputs, states and outputs in lane order; then the pending writes; then, if any run, the programs by their first
// lane: lanes, cues, period, the present round's start, the next cue, and each ramp under way with the values it found.
// Little-endian. lanes: lane k in slot k.
std::string digest(const Block& lanes, std::uint32_t count, std::uint64_t seed, std::uint64_t tick,
                   const Outlook& outlook);

}  // namespace simhost::engine
