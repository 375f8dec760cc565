// A WebSocket endpoint of a plugin: its clients, whom they follow, and what turns frames into its messages.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include <sim/ext/streams.h>
#include <host/session/session.hpp>
#include <host/telemetry/client.hpp>
#include <host/telemetry/cursor.hpp>
#include <host/telemetry/plan.hpp>

namespace simhost::telemetry {

// Collects what an encoder writes; close asks for the end of every client the messages were for.
class MessageList {
 public:
  void add(MessageKind kind, std::string bytes);
  void close(std::uint16_t code, std::string reason) { close_ = Outgoing::Close{code, std::move(reason)}; }
  [[nodiscard]] const std::vector<Plain>& messages() const noexcept { return messages_; }
  [[nodiscard]] const std::optional<Outgoing::Close>& closing() const noexcept { return close_; }

  static constexpr std::size_t messages_max = 256;  // of one call; what is beyond is left out

 private:
  std::vector<Plain> messages_;
  std::optional<Outgoing::Close> close_;
};

// The plugin's half, behind its ABI. Called on the pump's thread only; kept until the last call has returned.
class StreamEncoder {
 public:
  virtual ~StreamEncoder() = default;
  virtual void encode(const sim_view* prev, const sim_view& now, std::uint32_t variant, MessageList& out) = 0;
  virtual void idle(std::uint32_t variant, MessageList& out) = 0;
  virtual void ended(const sim_ending&, std::uint32_t, MessageList&) {}  // last words to each variant
  // What was found in a frame that was encoded; now: the newest such frame.
  virtual void notice(const sim_view&, const Notice&, std::uint32_t, MessageList&) {}
};

struct StreamSpec {
  enum class Sees : std::uint8_t { newest, each };  // each: every frame due in simulated time
  enum class AtEnd : std::uint8_t { close, follow };
  std::vector<std::uint32_t> vars;
  std::int64_t period_ns = 16'000'000;
  std::uint32_t variants = 1;
  std::int64_t idle_ns = 0;  // 0: never idle
  Sees sees = Sees::newest;
  AtEnd at_end = AtEnd::close;
};

// Where a tick is due for a period of simulated time: where it is the first at or after a multiple of it.
bool is_due(std::uint64_t tick, std::int64_t step_ns, std::int64_t period_ns) noexcept;

class Stream;
class StreamCursor;

// A socket of a stream.
class StreamClient final : public Client {
 public:
  StreamClient(std::uint64_t id, std::uint32_t variant, std::size_t bytes_max)
      : Client(bytes_max), id_(id), variant_(variant) {}

  [[nodiscard]] std::uint64_t id() const noexcept { return id_; }
  [[nodiscard]] std::uint32_t variant() const noexcept { return variant_.load(); }
  // [any] Frames wait while the plugin greets it; messages pushed do not.
  void keep_outside() noexcept { inside_ = false; }
  void let_in() noexcept { inside_ = true; }

 private:
  friend class Stream;
  friend class StreamCursor;
  friend class Books;
  friend class Pump;
  std::uint64_t id_;
  std::atomic<std::uint32_t> variant_;
  std::atomic<std::uint64_t> session_{0};  // handle of whom it follows
  std::atomic<std::int64_t> last_sent_ns_{0};
  std::atomic<bool> gone_{false};  // left, closed or refused
  std::atomic<bool> inside_{true};
  SlotPointer slot_;                // [pump] what it has of the session it follows
  bool fresh_ = true;               // [pump] has had no frame of that session
  StreamCursor* cursor_ = nullptr;  // [pump] that of the session it follows
};
using StreamClientPointer = std::shared_ptr<StreamClient>;

class Stream {
 public:
  Stream(StreamSpec spec, std::shared_ptr<StreamEncoder> encoder)
      : variants_(spec.variants), spec_(std::move(spec)), encoder_(std::move(encoder)) {}

  // --- [any]; a client that is gone answers wrong_state ---
  [[nodiscard]] StreamClientPointer find(std::uint64_t client) const;
  [[nodiscard]] std::vector<StreamClientPointer> clients() const;
  Outcome set_variant(StreamClient& client, std::uint32_t variant);
  // A message for one client, or for all who follow a session (0: all): never dropped.
  Outcome push(StreamClient& client, Plain message);
  void push_session(std::uint64_t session, const Plain& message);
  void close(StreamClient& client, std::uint16_t code, std::string reason);
  [[nodiscard]] std::uint64_t followed(const StreamClient& client) const noexcept { return client.session_.load(); }
  [[nodiscard]] std::uint64_t count(std::uint64_t session) const;  // 0: all

 private:
  friend class StreamCursor;
  friend class Books;
  friend class Pump;
  void keep(StreamClientPointer client);
  void drop(const StreamClient& client);
  void deliver(StreamClient& client, const Plain& message, Desk& desk, std::int64_t now_ns);
  // Counts slow encodes, by what a frame of that many lanes may take; the third ends the stream for everyone.
  void judge(std::int64_t took_ns, std::size_t lanes);
  void fail(std::uint16_t code, const std::string& reason);

  mutable std::mutex mutex_;  // guards clients_
  std::unordered_map<std::uint64_t, StreamClientPointer> clients_;
  std::atomic<std::uint32_t> variants_{0};
  // [pump]
  StreamSpec spec_;
  std::shared_ptr<StreamEncoder> encoder_;
  unsigned slow_ = 0, quick_ = 0;
  bool failed_ = false;  // too slow: closed until it is exchanged
};
using StreamPointer = std::shared_ptr<Stream>;

}  // namespace simhost::telemetry
