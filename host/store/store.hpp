// What survives the process: documents by kind and key, and blobs beside them, written in order and committed in
// groups.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <host/base/error.hpp>
#include <host/base/value.hpp>

namespace simhost::store {

struct Document {
  std::string key;
  Value value;
};

// Changes that become durable together or not at all. A kind is a word of the room that keeps it ("scenario"), or a
// word and whose ("journal/01k..."); a key is unique in its kind. Both are UTF-8 without NUL, not empty.
class Changes {
 public:
  enum class What : unsigned char { put, erase, erase_up_to, erase_kind, put_blob, erase_blob };
  struct Change {
    What what;
    std::string kind, key;
    std::string bytes;  // of a document as JSON, of a blob as it is
  };

  // Adds or replaces. A document that is replaced keeps its place in the order of creation.
  Changes& put(std::string_view kind, std::string_view key, const Value& value);
  Changes& erase(std::string_view kind, std::string_view key);
  // Every document of the kind whose key is not above this one, byte by byte: the past of a journal.
  Changes& erase_up_to(std::string_view kind, std::string_view key);
  Changes& erase_kind(std::string_view kind);  // documents and blobs
  Changes& put_blob(std::string_view kind, std::string_view key, std::string bytes);
  Changes& erase_blob(std::string_view kind, std::string_view key);

  [[nodiscard]] const std::vector<Change>& list() const noexcept { return list_; }
  [[nodiscard]] std::vector<Change> take() noexcept { return std::move(list_); }

 private:
  std::vector<Change> list_;
};

// [any] Everything here but load and load_blob returns at once, whatever the disk does. Writes go into a bounded queue
// which one thread empties, a group at a time, in order; what waits for the same key twice is written once. When the
// queue is full (the disk or the server has been away for long) a write is not taken, and says so; until the queue has
// emptied every `committed` then answers with the error, so nobody is promised what was not kept. Never on a tick: what
// it takes to queue a write allocates and locks.
class Store {
 public:
  virtual ~Store() = default;

  // False: not taken, the queue is full. Whoever answers a client by `committed` need not look.
  virtual bool write(Changes changes) = 0;
  bool put(std::string_view kind, std::string_view key, const Value& value);
  bool erase(std::string_view kind, std::string_view key);
  bool put_blob(std::string_view kind, std::string_view key, std::string bytes);
  bool erase_blob(std::string_view kind, std::string_view key);

  // done is called once: with success when everything written before this call is durable, with store_unavailable or
  // disk_full when it cannot be made so now (it stays queued and is tried again). At once, on this thread, when nothing
  // waits; else on the store's. It must not block.
  virtual void committed(std::function<void(Outcome)> done) = 0;

  // Whether writes get through at present; the error is that of `committed`, with a sentence for people.
  [[nodiscard]] virtual Outcome health() const = 0;

  // What is written from now on is dropped: the rooms are being taken down, and what they take down is to stay.
  virtual void seal() = 0;

  // These wait for the disk: at the start, or on a thread that may block. They show what is queued, too. Documents come
  // in the order of their creation.
  virtual Result<std::vector<Document>> load(std::string_view kind) = 0;
  virtual Result<std::optional<std::string>> load_blob(std::string_view kind, std::string_view key) = 0;
};

// One that forgets with the process: of a host that keeps nothing, and of tests.
std::unique_ptr<Store> make_memory_store();

}  // namespace simhost::store
