// What a listener does with requests: the seam between sockets and everything behind them.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>

#include <api/http/message.hpp>
#include <api/http/upgrade.hpp>

namespace simhost::http {

enum class Purpose : std::uint8_t { request, websocket };

// The outcome of looking at a request's header. refusal: the finished answer; nothing else counts then.
struct Admission {
  std::optional<Response> refusal{};
  Purpose purpose = Purpose::request;
  std::size_t body_max = 0;
  std::string body_folder{};  // where the body goes; empty: into raw_body
  std::chrono::milliseconds deadline{0};
  std::shared_ptr<const void> held{};  // the site's own: what keeps the route alive
  const void* route = nullptr;         // the site's own
};

// Answers are finished: their body is text or nothing, all headers but those of the connection are there.
class Site {
 public:
  virtual ~Site() = default;
  // [io] The header has been read: method, target, path, headers, remote, scheme, authority are set. Fills the rest
  // but the body.
  virtual Admission admit(Request& request) = 0;
  // [io] The body has been read into raw_body. The request lives until the reply is called or dropped.
  virtual void handle(std::shared_ptr<Request> request, const Admission& admission, Reply reply) = 0;
  virtual void upgrade(std::shared_ptr<Request> request, const Admission& admission, UpgradeReply reply) = 0;
  // [any] The answer to an error found before or beside the above, in the shape of this listener. A request that was
  // never admitted gets its id here.
  virtual Response refuse(Request& request, const Error& error) = 0;
};

}  // namespace simhost::http
