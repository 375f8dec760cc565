// One row of a route table: where a handler sits, what it is called, who may call it and what it takes and gives.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include <api/http/message.hpp>
#include <api/http/upgrade.hpp>

namespace simhost::http {

enum class Access : std::uint8_t { open, operate, administer };  // open: also without the token where one is needed
enum class Body : std::uint8_t { none, optional, required };
enum class Kind : std::uint8_t { request, websocket };

struct Answer {
  int status = 200;
  std::string media_type = "application/json";
  Value schema{};
  std::string description{};
};

// A route that takes files: bodies of the types in consumes are written to this folder while they come.
struct FilesTaken {
  std::string folder{};  // empty: it takes none
  std::size_t max_bytes = 0;
};

// What OpenAPI tells of a route, and what the listener enforces before the handler runs.
struct RouteInfo {
  std::string id{};  // operation id
  std::string summary{};
  std::string tag{};
  Value params{};                      // JSON Schema of an object of path and query parameters
  Value body{};                        // JSON Schema of the body
  std::vector<std::string> headers{};  // it looks at, beside those all routes do
  std::vector<Answer> answers{};
  Access access = Access::operate;
  Body takes_body = Body::none;
  std::vector<std::string> consumes{};  // media types beside JSON and MessagePack; those stay raw_body
  std::size_t max_body = 0;             // 0: the listener's limit
  FilesTaken files{};
  std::chrono::milliseconds deadline{0};  // 0: the listener's
  std::string mount{};                    // Request::mount
};

struct Route {
  std::string method{};  // "GET"; of a WebSocket too
  std::string path{};    // "/v1/sessions/{session}"; a last segment "{name...}" takes the rest of the path
  RouteInfo info{};
  Handler handler{};
  UpgradeHandler upgrade{};  // set for a WebSocket, and handler is not

  [[nodiscard]] Kind kind() const noexcept { return upgrade ? Kind::websocket : Kind::request; }
};

}  // namespace simhost::http
