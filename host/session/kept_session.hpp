// A session as the store keeps it: everything but its lanes, its journal and its checkpoints.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <host/base/error.hpp>
#include <host/base/value.hpp>
#include <host/session/session.hpp>

namespace simhost::session {

struct KeptSession {
  std::string id, model, plugin;
  std::uint64_t handle = 0;
  Spec spec;  // without its model
  State state = State::ready;
  std::optional<Reason> reason;
  std::uint64_t tick = 0;  // there it stood, or was at least
  std::int64_t created_wall_ns = 0, saved_wall_ns = 0, stood_ns = 0;
  Base base;
};

Value to_document(const KeptSession& session);
Result<KeptSession> kept_session_of(std::string_view id, const Value& document);

// Of an entry, with the tick the session had reached when it was written.
Value to_document(const JournalEntry& entry, std::uint64_t reached);
struct KeptEntry {
  JournalEntry entry;
  std::uint64_t reached = 0;
};
KeptEntry kept_entry_of(const Value& document);

// Of a checkpoint that clients made, beside its bytes.
Value to_document(const Checkpoint& checkpoint);
void read_document(const Value& document, Checkpoint& checkpoint);

}  // namespace simhost::session
