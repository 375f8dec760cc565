// A client made of a plain socket: sends any bytes, reads with a time limit, takes answers apart.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace simhost::net::testing {

struct RawResponse {
  int status = 0;
  std::string head{};
  std::string body{};

  [[nodiscard]] std::string header(std::string_view name) const;  // any case; empty where there is none
};

enum class End : std::uint8_t { open, closed, reset };

class RawClient {
 public:
  explicit RawClient(std::uint16_t port, int receive_buffer_bytes = 0);
  ~RawClient();
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  bool send(std::string_view bytes);
  void end_sending();
  // The next answer; nothing when none came within the limit. head_only: of a HEAD request.
  enum class Body : std::uint8_t { expected, none };
  std::optional<RawResponse> response(Body body = Body::expected);
  // One request, one answer.
  std::optional<RawResponse> ask(std::string_view bytes);
  // All answers until the server closes or the limit passes.
  std::vector<RawResponse> responses(End& end);
  // How the connection stands once the server has had limit_ms to close it.
  End ending(int limit_ms = 3000);
  // At least size raw bytes, fewer at the end of the connection.
  std::string bytes(std::size_t size);
  [[nodiscard]] int descriptor() const noexcept { return socket_; }

 private:
  bool fill(int limit_ms);

  int socket_;
  std::string received_;
  End end_ = End::open;
};

}  // namespace simhost::net::testing
