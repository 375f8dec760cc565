// A pump over real sessions, and sockets that read from it when they are told to.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stdexcept>

#include <host/base/json.hpp>
#include <host/telemetry/pump.hpp>
#include <tests/support/session_rig.hpp>

namespace simhost::telemetry {

class Bell final : public Outlet {
 public:
  void wake() noexcept override {
    {
      const std::lock_guard lock(mutex_);
      rung_ = true;
      ++count_;
    }
    came_.notify_all();
  }
  bool wait() {
    std::unique_lock lock(mutex_);
    const bool came = came_.wait_for(lock, std::chrono::seconds(10), [this] { return rung_; });
    rung_ = false;
    return came;
  }
  int count() {
    const std::lock_guard lock(mutex_);
    return count_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable came_;
  bool rung_ = false;
  int count_ = 0;
};

// Reads the outbox of a client; each message as text, a close as "close <code>".
class Receiver {
 public:
  explicit Receiver(ClientPointer client) : client_(std::move(client)) { client_->attach(bell_); }

  [[nodiscard]] const ClientPointer& client() const { return client_; }
  [[nodiscard]] Bell& bell() { return *bell_; }
  std::string text() {
    Outgoing out;
    while (!client_->outbox().next(out))
      if (!bell_->wait()) throw std::runtime_error("no message within 10 s");
    if (out.close) return "close " + std::to_string(out.close->code);
    return out.head + (out.body ? *out.body : "");
  }
  Value json() { return parse_json(text()).value(); }
  // The next message of that op.
  Value op(std::string_view name) {
    for (;;) {
      Value message = json();
      if (message.find("op")->string() == name) return message;
    }
  }

 private:
  ClientPointer client_;
  std::shared_ptr<Bell> bell_ = std::make_shared<Bell>();
};

struct PumpRig : session::Rig {
  Pump pump{*registry};

  SubscribeRequest request(const session::SessionPointer& s, std::uint32_t id, Mode mode = Mode::latest,
                           double rate_hz = 100) {
    SubscribeRequest r;
    r.id = id;
    r.session = s;
    r.ids = {support::sum_id, support::seen_id};
    r.rate_hz = rate_hz;
    r.kind = {Format::json, mode};
    return r;
  }
  // Endings are told as {"op":"ended"}, as a socket would.
  Result<Granted> subscribe(const Receiver& to, SubscribeRequest r) {
    r.ended = [client = to.client(), id = r.id](Ending ending) {
      client->send(R"({"op":"ended","id":)" + std::to_string(id) + R"(,"reason":")" + std::string(to_string(ending)) +
                   R"("})");
    };
    return support::await<Granted>([&](auto done) { pump.subscribe(to.client(), std::move(r), done); });
  }
  Result<session::Nothing> unsubscribe(const Receiver& to, std::uint32_t id) {
    return support::await<session::Nothing>([&](auto done) {
      pump.unsubscribe(to.client(), id,
                       [done](const Outcome& o) { o ? done(session::Nothing{}) : done(fail(o.error())); });
    });
  }
};

}  // namespace simhost::telemetry
