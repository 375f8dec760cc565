// A WebSocket as the application sees it: messages in by call, messages out by pull. No library type.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace simhost::net {

enum class FrameKind : std::uint8_t { text, binary };

// One outgoing message: head (this client's own bytes) followed by the shared body, written in one gather write.
// With close set it is the last: a close frame follows it (an empty head and no body sends the close frame alone).
struct OutMessage {
  FrameKind kind = FrameKind::text;
  std::string head;
  std::shared_ptr<const std::string> body;
  struct Close {
    std::uint16_t code = 1000;
    std::string reason;
  };
  std::optional<Close> close;
};

// The socket's side. Outlives its Application's calls; kept by shared_ptr wherever wake() may come from.
class Connection {
 public:
  virtual ~Connection() = default;
  // [any] There may be something to pull. Cheap when called again before the pull; safe after the close.
  virtual void wake() noexcept = 0;
  virtual void pull() = 0;  // [io] what a wake comes to
};

// The application's side of one socket: made at the upgrade, called on the I/O thread only, never blocks.
class Application {
 public:
  virtual ~Application() = default;
  virtual void opened(std::shared_ptr<Connection> connection) = 0;  // after the 101 has been written
  virtual void received(FrameKind kind, std::string_view message) = 0;
  // Fills out with the next message; false when there is none now. Called while the socket is writable.
  virtual bool next(OutMessage& out) = 0;
  virtual void closed(std::uint16_t code) = 0;  // last call, once after opened(); 1006 when the peer just went
};

}  // namespace simhost::net
