// What the store holds of sessions: written as they live, read when the host starts.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <host/session/kept_session.hpp>
#include <host/store/store.hpp>

namespace simhost::session {

// Kinds: session, session_base (blobs), journal/<id>, checkpoint/<id> (with blobs), session_tick. Every function only
// queues; without a store nothing happens.
class Chronicle {
 public:
  explicit Chronicle(store::Store* store) : store_(store) {}
  [[nodiscard]] bool is_kept() const noexcept { return store_.load() != nullptr; }
  [[nodiscard]] bool is_writable() const { return is_kept() && store_.load()->health(); }
  // Nothing is written any more: the sessions are being taken down, and are to come back.
  void close() noexcept { store_.store(nullptr); }

  void put(const KeptSession& session) const;
  // The session goes on from here (nullptr: from the lanes of creation); entries up to this number have had their day.
  void rebase(const KeptSession& session, const Checkpoint* base, std::uint64_t spent) const;
  void note(std::string_view session, const JournalEntry& entry, std::uint64_t reached) const;
  void put(std::string_view session, const Checkpoint& checkpoint) const;
  void forget(std::string_view session, std::string_view checkpoint) const;
  void remove(std::string_view session) const;
  struct Beat {
    std::string session;
    std::uint64_t epoch, tick;
  };
  void ticks(const std::vector<Beat>& reached) const;

  struct Found {
    KeptSession session;
    std::optional<Checkpoint> base;
    std::vector<KeptEntry> journal;  // by number
    std::vector<std::shared_ptr<const Checkpoint>> checkpoints;
    std::uint64_t reached = 0;   // the last tick known
    std::optional<Error> fault;  // its lanes or its journal cannot be read
  };
  // By creation. One that cannot be read is logged and left out; it stays in the store.
  [[nodiscard]] Result<std::vector<Found>> load() const;

 private:
  void load_lanes(Found& found) const;
  void load_journal(Found& found) const;
  void load_checkpoints(Found& found) const;

  std::atomic<store::Store*> store_;
};

}  // namespace simhost::session
