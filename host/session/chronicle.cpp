// Which document is where.
#include <host/session/chronicle.hpp>

#include <algorithm>
#include <array>
#include <charconv>

#include <host/base/log.hpp>
#include <host/session/pack.hpp>

namespace simhost::session {

namespace {

constexpr std::string_view sessions = "session", bases = "session_base", ticks_kind = "session_tick";

std::string journal_of(std::string_view session) { return "journal/" + std::string(session); }
std::string checkpoints_of(std::string_view session) { return "checkpoint/" + std::string(session); }

// 16 digits, so that texts rise as numbers do.
std::string key_of(std::uint64_t number) {
  std::array<char, 16> digits{};
  digits.fill('0');
  std::array<char, 16> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), number, 16).ptr;
  std::copy(text.data(), end, digits.end() - (end - text.data()));
  return {digits.data(), digits.size()};
}

// What stands, stands where its document says; a session that ran had come at least as far as its last beat.
std::uint64_t beat_of(const KeptSession& session, const Value* ticks) {
  const Value* beat = ticks != nullptr && session.state == State::running ? ticks->find(session.id) : nullptr;
  if (beat == nullptr || !beat->is_array() || beat->items().size() != 2) return 0;
  const auto number = [&](std::size_t i) {
    const Value& value = beat->items()[i];
    return value.is_integer() ? static_cast<std::uint64_t>(value.integer()) : 0;
  };
  return number(0) == session.base.epoch ? number(1) : 0;
}

}  // namespace

void Chronicle::put(const KeptSession& session) const {
  if (auto* const store = store_.load()) store->put(sessions, session.id, to_document(session));
}

void Chronicle::rebase(const KeptSession& session, const Checkpoint* base, std::uint64_t spent) const {
  auto* const store = store_.load();
  if (store == nullptr) return;
  store::Changes changes;
  changes.put(sessions, session.id, to_document(session));
  if (base != nullptr)
    changes.put_blob(bases, session.id, pack(*base));
  else
    changes.erase_blob(bases, session.id);
  if (spent > 0) changes.erase_up_to(journal_of(session.id), key_of(spent));
  store->write(std::move(changes));
}

void Chronicle::note(std::string_view session, const JournalEntry& entry, std::uint64_t reached) const {
  if (auto* const store = store_.load())
    store->put(journal_of(session), key_of(entry.number), to_document(entry, reached));
}

void Chronicle::put(std::string_view session, const Checkpoint& checkpoint) const {
  auto* const store = store_.load();
  if (store == nullptr) return;
  const auto kind = checkpoints_of(session);
  store::Changes changes;
  changes.put(kind, checkpoint.id, to_document(checkpoint)).put_blob(kind, checkpoint.id, pack(checkpoint));
  store->write(std::move(changes));
}

void Chronicle::forget(std::string_view session, std::string_view checkpoint) const {
  auto* const store = store_.load();
  if (store == nullptr) return;
  const auto kind = checkpoints_of(session);
  store::Changes changes;
  store->write(std::move(changes.erase(kind, checkpoint).erase_blob(kind, checkpoint)));
}

void Chronicle::remove(std::string_view session) const {
  auto* const store = store_.load();
  if (store == nullptr) return;
  store::Changes changes;
  changes.erase(sessions, session).erase_blob(bases, session);
  store->write(std::move(changes.erase_kind(journal_of(session)).erase_kind(checkpoints_of(session))));
}

void Chronicle::ticks(const std::vector<Beat>& reached) const {
  auto* const store = store_.load();
  if (store == nullptr) return;
  Value document{Object{}};
  for (const auto& beat : reached)
    document.members().push_back({beat.session, Value(Array{Value(beat.epoch), Value(beat.tick)})});
  store->put(ticks_kind, "reached", document);
}

void Chronicle::load_lanes(Found& found) const {
  if (!found.session.base.kept) return;
  const auto bytes = store_.load()->load_blob(bases, found.session.id);
  if (!bytes) {
    found.fault = bytes.error();
    return;
  }
  auto base = unpack(bytes->value_or(""));
  if (!base) {
    found.fault = base.error();
    return;
  }
  base->order = found.session.base.order;
  found.base = std::move(*base);
}

void Chronicle::load_journal(Found& found) const {
  const auto documents = store_.load()->load(journal_of(found.session.id));
  if (!documents) {
    found.fault = documents.error();
    return;
  }
  for (const auto& document : *documents) {
    const auto& kept = found.journal.emplace_back(kept_entry_of(document.value));
    if (kept.entry.number > found.session.base.number) found.reached = std::max(found.reached, kept.reached);
  }
  std::ranges::sort(found.journal, {}, [](const KeptEntry& kept) { return kept.entry.number; });
}

void Chronicle::load_checkpoints(Found& found) const {
  const auto kind = checkpoints_of(found.session.id);
  const auto documents = store_.load()->load(kind);
  if (!documents) return;
  for (const auto& document : *documents) {
    const auto bytes = store_.load()->load_blob(kind, document.key);
    auto checkpoint = bytes ? unpack(bytes->value_or("")) : Result<Checkpoint>(fail(bytes.error()));
    if (!checkpoint) {
      log_error("session", "a stored checkpoint cannot be read",
                {{"session", found.session.id}, {"checkpoint", document.key}, {"why", checkpoint.error().detail}});
      continue;
    }
    checkpoint->id = document.key;
    read_document(document.value, *checkpoint);
    found.checkpoints.push_back(std::make_shared<const Checkpoint>(std::move(*checkpoint)));
  }
}

Result<std::vector<Chronicle::Found>> Chronicle::load() const {
  std::vector<Found> all;
  auto* const store = store_.load();
  if (store == nullptr) return all;
  const auto documents = store->load(sessions);
  if (!documents) return fail(documents.error());
  const auto beats = store->load(ticks_kind);
  const Value* ticks = beats && !beats->empty() ? &beats->front().value : nullptr;
  for (const auto& document : *documents) {
    auto session = kept_session_of(document.key, document.value);
    if (!session) {
      log_error("session", "a stored session cannot be read", {{"why", session.error().detail}});
      continue;
    }
    Found& found = all.emplace_back();
    found.session = std::move(*session);
    load_lanes(found);
    load_journal(found);
    load_checkpoints(found);
    found.reached =
        std::max({found.reached, found.session.tick, found.session.base.tick, beat_of(found.session, ticks)});
  }
  return all;
}

}  // namespace simhost::session
