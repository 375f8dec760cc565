// The stream's application over a real registry and pump, with a socket that is a queue.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <variant>

#include <api/ws/stream_route.hpp>
#include <host/base/json.hpp>
#include <tests/support/session_rig.hpp>

namespace simhost::ws {

class Bell final : public net::Connection {
 public:
  void wake() noexcept override {
    {
      const std::lock_guard lock(mutex_);
      rung_ = true;
    }
    came_.notify_all();
  }
  void pull() override { wake(); }
  bool wait() {
    std::unique_lock lock(mutex_);
    const bool came = came_.wait_for(lock, std::chrono::seconds(10), [this] { return rung_; });
    rung_ = false;
    return came;
  }

 private:
  std::mutex mutex_;
  std::condition_variable came_;
  bool rung_ = false;
};

// What came out: text as a value; a binary frame as its bytes; a close as its code.
struct Received {
  Value json;
  std::string binary;
  std::optional<std::uint16_t> close;
};

class Socket {
 public:
  Socket(const http::Route& route, http::Request request) {
    std::optional<http::Accepted> accepted;
    route.upgrade(request, [&](http::Upgrade answer) { accepted = std::move(std::get<http::Accepted>(answer)); });
    application_ = std::move(accepted->application);
    subprotocol = accepted->subprotocol;
    application_->opened(bell_);
  }
  ~Socket() { application_->closed(1006); }

  void say(std::string_view text) { application_->received(net::FrameKind::text, text); }
  void say_binary(std::string_view bytes) { application_->received(net::FrameKind::binary, bytes); }
  Received receive() {
    net::OutMessage out;
    while (!application_->next(out))
      if (!bell_->wait()) throw std::runtime_error("no message within 10 s");
    if (out.close) return {{}, {}, out.close->code};
    const auto bytes = out.head + (out.body ? *out.body : "");
    if (out.kind == net::FrameKind::binary) return {{}, bytes, {}};
    return {parse_json(bytes).value(), {}, {}};
  }
  // The next message of that op; others are passed over.
  Value op(std::string_view name) {
    for (;;) {
      auto got = receive();
      if (got.json.is_object() && got.json.find("op")->string() == name) return got.json;
    }
  }
  Value ask(std::string_view text) {
    say(text);
    return receive().json;
  }

  std::string subprotocol;

 private:
  std::shared_ptr<Bell> bell_ = std::make_shared<Bell>();
  std::unique_ptr<net::Application> application_;
};

struct StreamRig : session::Rig {
  telemetry::Pump pump{*registry};
  std::atomic<bool> store_is_away{false};
  http::Route route = stream_route(*registry, pump, {}, [this]() -> Outcome {
    if (!store_is_away) return {};
    return fail(Error{"store_unavailable", "the store does not answer", {}, 0, 5});
  });

  Socket connect(http::Pairs headers = {}) {
    http::Request request;
    request.method = "GET";
    request.path = "/v1/stream";
    request.headers = std::move(headers);
    request.request_id = "req-1";
    return Socket(route, std::move(request));
  }
};

inline std::string code_of(const Value& message) { return message.find("problem")->find("code")->string(); }

// Pointers of all faults, joined by blanks.
inline std::string pointers_of(const Value& message) {
  std::string all;
  for (const auto& error : message.find("problem")->find("errors")->items())
    all += (all.empty() ? "" : " ") + error.find("pointer")->string() + ":" + error.find("code")->string();
  return all;
}

}  // namespace simhost::ws
