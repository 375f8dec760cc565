// A response's status line and headers as bytes.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <api/http/message.hpp>

namespace simhost::net {

enum class Persistence : std::uint8_t { keep, close };

struct HeadFrame {
  std::string_view date;  // of the Date header
  Persistence persistence = Persistence::keep;
  int minor_version = 1;  // of the request
};

// Size of the body, as text of the response; a Value there is our bug and counts as none.
[[nodiscard]] std::string_view body_bytes(const http::Response& response) noexcept;

// Appends head and empty line. Headers whose name or value would break the message are left out, as are those of
// the connection and the framing, which are written here.
void append_head(std::string& out, const http::Response& response, const HeadFrame& frame);

// "Tue, 15 Nov 1994 08:12:31 GMT"
std::string http_date(long long unix_s);

}  // namespace simhost::net
