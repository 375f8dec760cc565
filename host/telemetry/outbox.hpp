// What waits to be sent to one socket: bounded, in order, data giving way to control and never the other way round.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include <host/base/limits.hpp>
#include <host/telemetry/encoder.hpp>

namespace simhost::telemetry {

// newest: a later message takes the place of one that still waits. drop_oldest: all are sent while there is room.
enum class Policy : std::uint8_t { newest, drop_oldest };

// One subscription's share of an outbox. id, policy and dropped are fixed; the rest is the outbox's.
struct Slot {
  std::uint32_t id = 0;
  Policy policy = Policy::newest;
  std::shared_ptr<std::atomic<std::uint64_t>> dropped{};  // where losses are counted; nullptr: nowhere
  std::uint64_t lost = 0;
  bool waits = false;
  std::uint64_t place = 0;  // of what waits
};
using SlotPointer = std::shared_ptr<Slot>;

// A message that needs no head of its own.
struct Plain {
  MessageKind kind = MessageKind::text;
  std::shared_ptr<const std::string> bytes;
};

// What the socket sends next. With close set it is the last, and carries nothing.
struct Outgoing {
  struct Close {
    std::uint16_t code = 1000;
    std::string reason;
  };
  MessageKind kind = MessageKind::text;
  std::string head;
  std::shared_ptr<const std::string> body;
  std::optional<Close> close;
};

class Outbox {
 public:
  enum class Took : std::uint8_t { queued, replaced, refused };
  struct Offered {
    Took took = Took::refused;
    std::uint64_t dropped = 0;  // ticks, or messages of a plugin's stream, that had to go
    bool wake = false;          // the socket had found nothing and waits to be woken
  };

  explicit Outbox(std::size_t bytes_max = limits::ws_send_queue_bytes) : bytes_max_(bytes_max) {}

  // --- [any] ---
  // Data. newest: refused while there is no room. drop_oldest: the oldest go, in the end this one.
  Offered offer(const SlotPointer& slot, MessagePointer message);
  Offered offer(const SlotPointer& slot, Plain message);
  // Answers and events: never dropped. Past the bound everything is, and the socket closes with 1013.
  // Returns whether the socket waits to be woken.
  bool send(Plain message);
  bool close(std::uint16_t code, std::string reason);  // after what waits; nothing is taken any more
  void forget(const Slot& slot);                       // drops what waits of it
  void shut();                                         // the socket is gone

  // --- [io] ---
  bool next(Outgoing& out);

  [[nodiscard]] std::size_t bytes() const;

 private:
  struct Data {
    std::uint64_t place;
    SlotPointer slot;
    MessagePointer message;  // or
    Plain plain;
    std::size_t cost;
    [[nodiscard]] std::uint64_t weight() const { return message != nullptr ? message->ticks + message->lost : 1; }
  };
  struct Control {
    std::uint64_t place;
    Plain plain;
    std::size_t cost;
  };
  Offered offer(Data data);
  Offered replace(Data& data);
  std::uint64_t drop(std::size_t index);
  std::uint64_t make_room(std::size_t cost);
  [[nodiscard]] bool fits(std::size_t cost) const {
    return data_bytes_ == 0 || data_bytes_ + control_bytes_ + cost <= bytes_max_;
  }
  bool woken();
  void clear();
  void pull_data(Outgoing& out);

  mutable std::mutex mutex_;
  std::size_t bytes_max_;
  std::size_t data_bytes_ = 0, control_bytes_ = 0;
  std::uint64_t next_place_ = 0;
  std::deque<Data> data_;
  std::deque<Control> control_;
  std::optional<Outgoing::Close> close_;
  bool closing_ = false;  // nothing is taken any more
  bool asleep_ = true;
};

}  // namespace simhost::telemetry
