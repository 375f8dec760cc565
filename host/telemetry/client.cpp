// Waking sockets, singly and in batches.
#include <host/telemetry/client.hpp>

namespace simhost::telemetry {

void Client::attach(OutletPointer outlet) {
  {
    const std::lock_guard lock(mutex_);
    outlet_ = std::move(outlet);
  }
  wake();
}

OutletPointer Client::outlet() const {
  const std::lock_guard lock(mutex_);
  return outlet_;
}

void Client::wake() const {
  if (const auto out = outlet()) out->wake();
}

void Client::send(Plain message) {
  if (outbox_.send(std::move(message))) wake();
}

void Client::send(std::string text) {
  send(Plain{MessageKind::text, std::make_shared<const std::string>(std::move(text))});
}

void Client::close(std::uint16_t code, std::string reason) {
  if (outbox_.close(code, std::move(reason))) wake();
}

void Wakes::add(const Client& client) {
  if (auto outlet = client.outlet()) list_.push_back(std::move(outlet));
}

void Wakes::flush() {
  if (list_.empty()) return;
  if (hook_) {
    hook_(list_);
  } else {
    for (const auto& outlet : list_) outlet->wake();
  }
  list_.clear();
}

bool Desk::account(Client& client, const Outbox::Offered& offered, std::size_t bytes) {
  if (offered.dropped > 0) counters.dropped.fetch_add(offered.dropped, std::memory_order_relaxed);
  if (offered.wake) wakes.add(client);
  if (offered.took == Outbox::Took::refused) return false;
  counters.messages.fetch_add(1, std::memory_order_relaxed);
  counters.bytes.fetch_add(bytes, std::memory_order_relaxed);
  return true;
}

bool Desk::deliver(Client& client, const SlotPointer& slot, const MessagePointer& message) {
  return account(client, client.outbox().offer(slot, message), message->body.size());
}

bool Desk::deliver(Client& client, const SlotPointer& slot, const Plain& message) {
  return account(client, client.outbox().offer(slot, message), message.bytes->size());
}

}  // namespace simhost::telemetry
