// The fingerprint of a session's simulated state: equal states, equal digests.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <host/engine/block.hpp>
#include <host/engine/write.hpp>

namespace simhost::engine {

// BLAKE2b-256, as hex, over model id, schema version, dt, lanes, seed, tick; then by ascending variable id parameters,
// inputs, states and outputs in lane order; then the pending writes. Little-endian. lanes: lane k in slot k.
std::string digest(const Block& lanes, std::uint32_t count, std::uint64_t seed, std::uint64_t tick,
                   const std::vector<const PendingWrite*>& pending);

}  // namespace simhost::engine
