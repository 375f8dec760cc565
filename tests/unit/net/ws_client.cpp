// Frames by hand.
#include "ws_client.hpp"

namespace simhost::net::testing {
namespace {

unsigned byte_at(const std::string& bytes, std::size_t at) { return static_cast<unsigned char>(bytes[at]); }

}  // namespace

int Frame::close_code() const {
  if (opcode != close_frame || payload.size() < 2) return 0;
  return static_cast<int>(byte_at(payload, 0) * 256 + byte_at(payload, 1));
}

std::string client_frame(unsigned opcode, std::string_view payload, bool final) {
  std::string out(1, static_cast<char>(opcode | (final ? 0x80U : 0U)));
  const std::size_t size = payload.size();
  const unsigned bytes = size < 126 ? 0 : size < 65536 ? 2 : 8;
  out += static_cast<char>(0x80U | (bytes == 0 ? size : bytes == 2 ? 126 : 127));
  for (unsigned i = bytes; i > 0; --i) out += static_cast<char>((size >> (8 * (i - 1))) & 255U);
  const std::string mask = "\x12\x34\x56\x78";
  out += mask;
  for (std::size_t i = 0; i < size; ++i) out += static_cast<char>(payload[i] ^ mask[i % 4]);
  return out;
}

WsClient::WsClient(std::uint16_t port, std::string_view path, std::string_view more, std::string_view behind,
                   int receive_buffer_bytes)
    : client_(port, receive_buffer_bytes) {
  client_.send("GET " + std::string(path) +
               " HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
               "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" +
               std::string(more) + "\r\n" + std::string(behind));
  upgrade_ = client_.response().value_or(RawResponse{});
}

bool WsClient::send(unsigned opcode, std::string_view payload, bool final) {
  return client_.send(client_frame(opcode, payload, final));
}

std::optional<Frame> WsClient::frame() {
  const std::string start = client_.bytes(2);
  if (start.size() < 2) return std::nullopt;
  Frame frame;
  frame.opcode = byte_at(start, 0) & 15U;
  frame.final = (byte_at(start, 0) & 0x80U) != 0;
  std::size_t size = byte_at(start, 1) & 127U;
  if (size >= 126) {
    const std::string length = client_.bytes(size == 126 ? 2 : 8);
    size = 0;
    for (std::size_t i = 0; i < length.size(); ++i) size = size * 256 + byte_at(length, i);
  }
  frame.payload = client_.bytes(size);
  return frame.payload.size() == size ? std::optional(frame) : std::nullopt;
}

int WsClient::close_code() {
  while (auto next = frame()) {
    if (next->opcode == close_frame) return next->close_code();
  }
  return 0;
}

}  // namespace simhost::net::testing
