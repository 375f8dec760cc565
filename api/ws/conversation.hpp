// One socket of the stream: what its client asks for, and what is made of it. Answers come when they are ready.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include <api/ws/event_hub.hpp>
#include <api/ws/messages.hpp>
#include <host/telemetry/pump.hpp>

namespace simhost::ws {

// What all conversations share; outlives them.
struct Room {
  session::Registry& registry;
  telemetry::Pump& pump;
  std::shared_ptr<EventHub> events;
  std::function<Outcome()> can_change;  // an error refuses what changes a session; empty: nothing is kept
};

class Conversation : public std::enable_shared_from_this<Conversation> {
 public:
  Conversation(std::shared_ptr<const Room> room, std::string request_id);

  [[nodiscard]] const telemetry::ClientPointer& client() const noexcept { return client_; }
  // [io] A message of the client.
  void hear(telemetry::MessageKind kind, std::string_view message);
  void end();

  // The operations, by the table in ops.hpp. body: the message without op and ref.
  void subscribe(const Answering& to, const Value& body);
  void unsubscribe(const Answering& to, const Value& body);
  void set(const Answering& to, const Value& body);
  void command(const Answering& to, const Value& body);
  void events(const Answering& to, const Value& body);
  void ping(const Answering& to, const Value& body);

  static constexpr unsigned open_requests_max = 512;  // asked of the pump or a session and not answered yet

 private:
  class Open;  // a request that is not answered yet
  void obey(const Value& body);
  void say(std::string text) { client_->send(std::move(text)); }
  [[nodiscard]] Result<std::shared_ptr<Open>> begin();
  session::SessionPointer session_of(const Answering& to, const Value& body);

  std::shared_ptr<const Room> room_;
  std::string request_id_;
  telemetry::ClientPointer client_;
  std::shared_ptr<std::atomic<unsigned>> open_ = std::make_shared<std::atomic<unsigned>>(0);
};

}  // namespace simhost::ws
