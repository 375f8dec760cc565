// What a client of a plugin's stream says, handed to the plugin in order, one message at a time.
#pragma once

#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include <sim/ext/routes.h>
#include <host/services/services.hpp>

namespace simhost::services {

class Conversation : public std::enable_shared_from_this<Conversation> {
 public:
  Conversation(Services& services, Seat seat) : services_(services), seat_(std::move(seat)) {}
  [[nodiscard]] const Seat& seat() const noexcept { return seat_; }

  // [worker] Asks the plugin whether the client may come in. Greetings wait in its outbox. Error: refused, with the
  // status of the refusal.
  Outcome open(const Declared& declared, const sim_request& request);
  // [io] A message of the client; one too many to wait closes the socket with 1008.
  void hear(telemetry::MessageKind kind, std::string_view bytes);
  // [any] The client is gone: nothing more is handed on.
  void end();

 private:
  struct Said {
    telemetry::MessageKind kind;
    std::string bytes;
    bool too_many = false;  // above max_per_s
  };
  void schedule();
  void run(const Declared& declared);
  void tell(const Declared& declared, const Said& said);
  void close(std::uint16_t code, std::string reason);
  void next();

  Services& services_;
  const Seat seat_;
  std::mutex mutex_;
  std::deque<Said> said_;
  bool busy_ = false;  // a message is on its way to the plugin
  bool ended_ = false;
};

}  // namespace simhost::services
