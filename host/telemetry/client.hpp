// One socket as the host sees it: an outbox, and somebody to wake when there is something in it.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include <host/telemetry/counters.hpp>
#include <host/telemetry/outbox.hpp>

namespace simhost::telemetry {

// The socket's side of an outbox. [any] wake is cheap and never blocks.
class Outlet {
 public:
  virtual ~Outlet() = default;
  virtual void wake() noexcept = 0;
};
using OutletPointer = std::shared_ptr<Outlet>;

class Client {
 public:
  explicit Client(std::size_t bytes_max = limits::ws_send_queue_bytes) : outbox_(bytes_max) {}
  virtual ~Client() = default;
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  // The socket is open: what waited may go.
  void attach(OutletPointer outlet);
  [[nodiscard]] OutletPointer outlet() const;
  [[nodiscard]] Outbox& outbox() noexcept { return outbox_; }

  // [any] Queue and wake at once: answers, events, pushes. What the pump sends is woken in batches instead.
  void send(Plain message);
  void send(std::string text);
  void close(std::uint16_t code, std::string reason);

 private:
  void wake() const;

  Outbox outbox_;
  mutable std::mutex mutex_;
  OutletPointer outlet_;
};
using ClientPointer = std::shared_ptr<Client>;

// Who is to be woken at the end of a round of the pump: one call for all.
class Wakes {
 public:
  using Hook = std::function<void(std::span<const OutletPointer>)>;

  explicit Wakes(Hook hook) : hook_(std::move(hook)) {}
  void add(const Client& client);
  void flush();

 private:
  Hook hook_;
  std::vector<OutletPointer> list_;
};

// What those who send from the pump share.
struct Desk {
  Counters& counters;
  Wakes& wakes;

  // Puts a data message into a client's outbox. Returns whether it was taken.
  bool deliver(Client& client, const SlotPointer& slot, const MessagePointer& message);
  bool deliver(Client& client, const SlotPointer& slot, const Plain& message);

 private:
  bool account(Client& client, const Outbox::Offered& offered, std::size_t bytes);
};

}  // namespace simhost::telemetry
