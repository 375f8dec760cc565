// The plain client.
#include "raw_client.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>

#include <gtest/gtest.h>

#include <api/http/url.hpp>

namespace simhost::net::testing {
namespace {

constexpr int limit_default_ms = 3000;

}  // namespace

std::string RawResponse::header(std::string_view name) const {
  std::string_view rest = head;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find("\r\n"), rest.size());
    const std::string_view line = rest.substr(0, end);
    const std::size_t colon = line.find(':');
    if (colon != std::string_view::npos && http::equal_ignoring_case(line.substr(0, colon), name)) {
      return std::string(http::trim(line.substr(colon + 1)));
    }
    rest.remove_prefix(std::min(end + 2, rest.size()));
  }
  return {};
}

RawClient::RawClient(std::uint16_t port, int receive_buffer_bytes) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
  if (receive_buffer_bytes > 0) {
    setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &receive_buffer_bytes, sizeof receive_buffer_bytes);
  }
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  EXPECT_EQ(::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0) << errno;
}

RawClient::~RawClient() { ::close(socket_); }

bool RawClient::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

void RawClient::end_sending() { ::shutdown(socket_, SHUT_WR); }

bool RawClient::fill(int limit_ms) {
  if (end_ != End::open) return false;
  pollfd waiting{socket_, POLLIN, 0};
  if (::poll(&waiting, 1, limit_ms) <= 0) return false;
  std::array<char, 65536> piece{};
  const ssize_t size = ::recv(socket_, piece.data(), piece.size(), 0);
  if (size <= 0) {
    end_ = size == 0 ? End::closed : End::reset;
    return false;
  }
  received_.append(piece.data(), static_cast<std::size_t>(size));
  return true;
}

std::optional<RawResponse> RawClient::response(Body body) {
  std::size_t head_end = 0;
  while ((head_end = received_.find("\r\n\r\n")) == std::string::npos) {
    if (!fill(limit_default_ms)) return std::nullopt;
  }
  RawResponse answer;
  answer.head = received_.substr(0, head_end + 2);
  received_.erase(0, head_end + 4);
  std::from_chars(answer.head.data() + 9, answer.head.data() + 12, answer.status);
  std::size_t length = 0;
  const std::string text = answer.header("content-length");
  if (body == Body::expected) std::from_chars(text.data(), text.data() + text.size(), length);
  answer.body = bytes(length);
  return answer.body.size() == length ? std::optional(answer) : std::nullopt;
}

std::optional<RawResponse> RawClient::ask(std::string_view bytes) {
  if (!send(bytes)) return std::nullopt;
  return response();
}

std::vector<RawResponse> RawClient::responses(End& end) {
  std::vector<RawResponse> all;
  while (auto answer = response()) all.push_back(std::move(*answer));
  end = ending(0);
  return all;
}

End RawClient::ending(int limit_ms) {
  while (fill(limit_ms)) {
  }
  return end_;
}

std::string RawClient::bytes(std::size_t size) {
  while (received_.size() < size && fill(limit_default_ms)) {
  }
  const std::size_t taken = std::min(size, received_.size());
  std::string out = received_.substr(0, taken);
  received_.erase(0, taken);
  return out;
}

}  // namespace simhost::net::testing
