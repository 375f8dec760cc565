// A checkpoint as bytes for the store, and back.
#pragma once

#include <string>
#include <string_view>

#include <host/base/error.hpp>
#include <host/session/session.hpp>

namespace simhost::session {

// Lanes, waiting writes, runs and tick: what a session is continued from.
std::string pack(const Checkpoint& checkpoint);

// checkpoint_damaged when a bit of it is not as it was packed.
Result<Checkpoint> unpack(std::string_view bytes);

Value to_document(const engine::Write& write);
engine::Write write_of(const Value& document);

}  // namespace simhost::session
