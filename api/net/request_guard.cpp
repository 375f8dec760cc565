// The rules of RFC 9112 on lines, targets and framing, read as strictly as they allow.
#include <api/net/request_guard.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <string>

#include <api/http/access.hpp>
#include <api/http/url.hpp>

namespace simhost::net {
namespace {

constexpr std::size_t method_chars_max = 32;
constexpr std::size_t length_digits_max = 18;

tl::unexpected<Error> bad_request(std::string detail, int status = 400) {
  return fail(Error{"invalid_request", std::move(detail), {}, status});
}

tl::unexpected<Error> bad_header(std::string detail) { return fail("invalid_header", std::move(detail)); }

bool is_hex(char c) noexcept { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

// Visible ASCII without what no URL may hold; the marks browsers leave unescaped in queries are taken.
bool is_target_char(char c) noexcept {
  return c > 0x20 && c < 0x7f && c != '"' && c != '<' && c != '>' && c != '\\' && c != '#';
}

bool is_line_char(char c) noexcept { return c == '\t' || (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f); }

bool escapes_are_whole(std::string_view target) noexcept {
  for (std::size_t i = target.find('%'); i != std::string_view::npos; i = target.find('%', i + 1)) {
    if (i + 2 >= target.size() || !is_hex(target[i + 1]) || !is_hex(target[i + 2])) return false;
  }
  return true;
}

// Fields that must not come twice although no framing hangs on them: the second could be read by someone else.
constexpr std::array<std::string_view, 8> singles = {
    "authorization",     "content-type",          "origin",         "expect", "content-encoding",
    "sec-websocket-key", "sec-websocket-version", "idempotency-key"};

}  // namespace

void RequestGuard::reset() noexcept {
  facts_ = {};
  line_start_ = 0;
  lines_ = 0;
  has_transfer_encoding_ = false;
  seen_singles_ = 0;
}

Result<std::size_t> RequestGuard::scan(std::string_view received) {
  for (;;) {
    const std::size_t end = received.find('\n', line_start_);
    if (end == std::string_view::npos) break;
    if (end == line_start_ || received[end - 1] != '\r') return bad_request("a line ends without carriage return");
    const std::string_view line = received.substr(line_start_, end - 1 - line_start_);
    line_start_ = end + 1;
    if (line_start_ > settings_.header_bytes + settings_.target_bytes) break;
    if (line.empty() && lines_ > 0) {
      if (auto sized = check_size(received.substr(0, line_start_)); !sized) return fail(std::move(sized.error()));
      if (auto whole = check_whole(); !whole) return fail(std::move(whole.error()));
      return line_start_;
    }
    if (auto checked = lines_ == 0 ? request_line(line) : header_line(line); !checked) {
      return fail(std::move(checked.error()));
    }
    ++lines_;
  }
  if (auto sized = check_size(received); !sized) return fail(std::move(sized.error()));
  return std::size_t{0};
}

Outcome RequestGuard::check_size(std::string_view received) const {
  if (lines_ == 0 && received.size() > settings_.target_bytes + method_chars_max + sizeof " HTTP/1.1\r\n") {
    return fail("uri_too_long",
                "the request target is longer than " + std::to_string(settings_.target_bytes) + " bytes");
  }
  if (received.size() > settings_.header_bytes) {
    return fail("header_too_large", "the headers are longer than " + std::to_string(settings_.header_bytes) + " bytes");
  }
  return {};
}

Outcome RequestGuard::request_line(std::string_view line) {
  const std::size_t first = line.find(' ');
  const std::size_t second = first == std::string_view::npos ? first : line.find(' ', first + 1);
  if (second == std::string_view::npos) return bad_request("the request line is not: method, target, version");
  const std::string_view method = line.substr(0, first);
  const std::string_view target = line.substr(first + 1, second - first - 1);
  const std::string_view version = line.substr(second + 1);
  if (!http::is_token(method) || method.size() > method_chars_max) return bad_request("the method is no token");
  if (version != "HTTP/1.1" && version != "HTTP/1.0") {
    const bool other = version.size() == 8 && version.starts_with("HTTP/") && version[6] == '.';
    return bad_request("only HTTP/1.1 and HTTP/1.0 are spoken here", other ? 505 : 400);
  }
  facts_.minor_version = version.back() - '0';
  return check_target(method, target);
}

Outcome RequestGuard::check_target(std::string_view method, std::string_view target) const {
  if (target.size() > settings_.target_bytes) {
    return fail("uri_too_long",
                "the request target is longer than " + std::to_string(settings_.target_bytes) + " bytes");
  }
  if (target.empty() || !std::all_of(target.begin(), target.end(), is_target_char) || !escapes_are_whole(target)) {
    return bad_request("the request target holds characters or escapes that no target may hold");
  }
  const bool absolute = target.starts_with("http://") || target.starts_with("https://");
  const bool whole_server = target == "*" && method == "OPTIONS";
  if (target.front() != '/' && !absolute && !whole_server) return bad_request("the request target is no path");
  if (!absolute) return {};
  const std::string_view rest = target.substr(target.find("://") + 3);
  if (!http::parse_authority(rest.substr(0, rest.find_first_of("/?")))) return bad_request("the target names no host");
  return {};
}

Outcome RequestGuard::header_line(std::string_view line) {
  if (line.front() == ' ' || line.front() == '\t') return bad_request("a header is folded over two lines");
  if (lines_ > settings_.header_fields) {
    return fail("header_too_large", "there are more than " + std::to_string(settings_.header_fields) + " headers");
  }
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos || !http::is_token(line.substr(0, colon))) {
    return bad_request("a header line does not begin with a name and a colon");
  }
  if (!std::all_of(line.begin(), line.end(), is_line_char)) return bad_request("a header holds a control character");
  const std::string name = http::to_lower(line.substr(0, colon));
  return framing_field(name, http::trim(line.substr(colon + 1)));
}

Outcome RequestGuard::framing_field(std::string_view name, std::string_view value) {
  if (name == "host") {
    if (++facts_.hosts > 1) return bad_request("Host is given twice");
    if (!http::parse_authority(value)) return bad_request("Host is no host name with an optional port");
  } else if (name == "content-length") {
    if (facts_.content_length) return bad_request("Content-Length is given twice");
    const bool digits = !value.empty() && value.find_first_not_of("0123456789") == std::string_view::npos;
    if (!digits) return bad_request("Content-Length is no number");
    if (value.size() > length_digits_max) return fail("payload_too_large", "Content-Length is out of all bounds");
    std::uint64_t length = 0;
    std::from_chars(value.data(), value.data() + value.size(), length);
    facts_.content_length = length;
  } else if (name == "transfer-encoding") {
    if (has_transfer_encoding_) return bad_request("Transfer-Encoding is given twice");
    has_transfer_encoding_ = true;
    facts_.chunked = http::equal_ignoring_case(value, "chunked");
    const auto codings = http::list_members(value);
    const bool ends_chunked = codings.size() > 1 && http::equal_ignoring_case(codings.back(), "chunked") &&
                              !http::equal_ignoring_case(codings.front(), "chunked");
    if (!facts_.chunked && ends_chunked) return fail("unsupported", "the only transfer coding taken is chunked");
    if (!facts_.chunked) return bad_request("Transfer-Encoding is not chunked");
  } else if (name == "expect") {
    if (!http::equal_ignoring_case(value, "100-continue")) {
      return fail("expectation_failed", "the only expectation met is 100-continue");
    }
    facts_.expects_continue = true;
  }
  return single_field(name);
}

Outcome RequestGuard::single_field(std::string_view name) {
  const auto found = std::find(singles.begin(), singles.end(), name);
  if (found == singles.end()) return {};
  const std::uint32_t bit = 1U << static_cast<unsigned>(found - singles.begin());
  if ((seen_singles_ & bit) != 0) return bad_header(std::string(name) + " is given twice");
  seen_singles_ |= bit;
  return {};
}

Outcome RequestGuard::check_whole() const {
  if (facts_.minor_version == 1 && facts_.hosts != 1) return bad_request("Host is missing");
  if (has_transfer_encoding_ && facts_.minor_version == 0) return bad_request("HTTP/1.0 has no Transfer-Encoding");
  if (has_transfer_encoding_ && facts_.content_length) {
    return bad_request("Transfer-Encoding and Content-Length exclude each other");
  }
  return {};
}

}  // namespace simhost::net
