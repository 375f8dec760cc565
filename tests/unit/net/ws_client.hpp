// A WebSocket client that sends frames of any kind and takes the server's apart.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "raw_client.hpp"

namespace simhost::net::testing {

struct Frame {
  unsigned opcode = 0;
  bool final = true;
  std::string payload{};

  [[nodiscard]] int close_code() const;  // 0 when it is no close frame with a code
};

inline constexpr unsigned continuation = 0;
inline constexpr unsigned text_frame = 1;
inline constexpr unsigned binary_frame = 2;
inline constexpr unsigned close_frame = 8;
inline constexpr unsigned ping_frame = 9;
inline constexpr unsigned pong_frame = 10;

// A masked client frame.
std::string client_frame(unsigned opcode, std::string_view payload, bool final = true);

class WsClient {
 public:
  // Connects and asks for the upgrade; more: further header lines, behind: bytes sent right after the request.
  WsClient(std::uint16_t port, std::string_view path, std::string_view more = "", std::string_view behind = "",
           int receive_buffer_bytes = 0);

  [[nodiscard]] const RawResponse& upgrade() const noexcept { return upgrade_; }
  bool send(unsigned opcode, std::string_view payload, bool final = true);
  bool send_raw(std::string_view bytes) { return client_.send(bytes); }
  std::optional<Frame> frame();
  // Skips to the close frame; its code, or 0 when the connection ended without one.
  int close_code();
  End ending(int limit_ms = 3000) { return client_.ending(limit_ms); }

 private:
  RawClient client_;
  RawResponse upgrade_;
};

}  // namespace simhost::net::testing
