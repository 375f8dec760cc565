// A request and a response as values: no socket, no library type.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <api/http/body_file.hpp>
#include <api/http/content.hpp>
#include <host/base/error.hpp>
#include <host/base/value.hpp>

namespace simhost::http {

using Pairs = std::vector<std::pair<std::string, std::string>>;

enum class Identity : std::uint8_t { anonymous, administrator };

struct Request {
  std::string method;
  std::string target;  // as sent
  std::string path;    // percent-decoded segments are in params; this is the raw path
  Pairs params;        // of the route template, decoded
  Pairs query;         // decoded, in the order sent
  Pairs headers;       // names in lower case
  std::string raw_body;
  Value body;                      // parsed JSON or MessagePack; null when has_body is false
  bool has_body = false;           // raw_body parsed into body
  std::shared_ptr<BodyFile> file;  // the body instead of raw_body, of a route that takes files
  std::string remote;              // "127.0.0.1"
  std::string scheme = "http";
  std::string authority;  // Host
  std::string mount;      // "" or "/plugins/<id>"
  std::string request_id;
  Identity identity = Identity::anonymous;
  std::chrono::steady_clock::time_point received{};  // when its header was complete
  std::shared_ptr<std::atomic<int>> cancelled;       // 1 once the client is gone or the deadline has passed

  [[nodiscard]] const std::string* header(std::string_view name) const noexcept;  // name in lower case
  [[nodiscard]] const std::string* param(std::string_view name) const noexcept;
  [[nodiscard]] const std::string* query_value(std::string_view name) const noexcept;  // the first
};

// monostate: no body. Value: JSON, or MessagePack where the client accepts it. string: bytes of media_type. Content:
// bytes of media_type that are read while they are sent.
// With error set the listener writes status and body from it, in its own shape; headers are kept.
struct Response {
  int status = 200;
  Pairs headers{};
  std::variant<std::monostate, Value, std::string, Content> body{};
  std::string media_type = "application/json";
  std::optional<Error> error{};

  [[nodiscard]] const std::string* header(std::string_view name) const noexcept;  // any case
  void set_header(std::string_view name, std::string value);                      // adds, or replaces the first
};

[[nodiscard]] Response answer(int status, Value body);
[[nodiscard]] Response answer_error(Error error);

// Called exactly once, from any thread; what it does must not block.
using Reply = std::function<void(Response)>;
using Handler = std::function<void(const Request&, Reply)>;

}  // namespace simhost::http
