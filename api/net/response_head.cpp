// Writing heads of responses.
#include <api/net/response_head.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <ctime>
#include <utility>

#include <api/http/url.hpp>

namespace simhost::net {
namespace {

constexpr std::array<std::pair<int, std::string_view>, 38> reasons = {{{101, "Switching Protocols"},
                                                                       {200, "OK"},
                                                                       {201, "Created"},
                                                                       {202, "Accepted"},
                                                                       {204, "No Content"},
                                                                       {206, "Partial Content"},
                                                                       {301, "Moved Permanently"},
                                                                       {302, "Found"},
                                                                       {303, "See Other"},
                                                                       {304, "Not Modified"},
                                                                       {307, "Temporary Redirect"},
                                                                       {308, "Permanent Redirect"},
                                                                       {400, "Bad Request"},
                                                                       {401, "Unauthorized"},
                                                                       {403, "Forbidden"},
                                                                       {404, "Not Found"},
                                                                       {405, "Method Not Allowed"},
                                                                       {406, "Not Acceptable"},
                                                                       {408, "Request Timeout"},
                                                                       {409, "Conflict"},
                                                                       {410, "Gone"},
                                                                       {412, "Precondition Failed"},
                                                                       {413, "Content Too Large"},
                                                                       {414, "URI Too Long"},
                                                                       {415, "Unsupported Media Type"},
                                                                       {416, "Range Not Satisfiable"},
                                                                       {417, "Expectation Failed"},
                                                                       {421, "Misdirected Request"},
                                                                       {422, "Unprocessable Content"},
                                                                       {426, "Upgrade Required"},
                                                                       {428, "Precondition Required"},
                                                                       {429, "Too Many Requests"},
                                                                       {431, "Request Header Fields Too Large"},
                                                                       {500, "Internal Server Error"},
                                                                       {501, "Not Implemented"},
                                                                       {503, "Service Unavailable"},
                                                                       {505, "HTTP Version Not Supported"},
                                                                       {507, "Insufficient Storage"}}};

std::string_view reason_of(int status) noexcept {
  const auto found = std::find_if(reasons.begin(), reasons.end(), [&](const auto& row) { return row.first == status; });
  return found != reasons.end() ? found->second : std::string_view("Status");
}

// Written by us alone.
bool is_ours(std::string_view name) noexcept {
  constexpr std::array<std::string_view, 6> names = {"connection", "content-length", "transfer-encoding",
                                                     "date",       "keep-alive",     "content-type"};
  return std::any_of(names.begin(), names.end(), [&](auto other) { return http::equal_ignoring_case(name, other); });
}

bool is_clean(std::string_view value) noexcept {
  return std::all_of(value.begin(), value.end(),
                     [](char c) { return c == '\t' || (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f); });
}

void append_number(std::string& out, std::size_t number) {
  std::array<char, 20> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  out.append(digits.data(), end);
}

void append_header(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(": ").append(value).append("\r\n");
}

// A body of unknown length ends with its last chunk, or with the connection where there are no chunks yet.
void append_framing(std::string& out, const http::Content* content, std::size_t text_bytes, int minor_version) {
  if (content != nullptr && !content->bytes) {
    if (minor_version > 0) append_header(out, "Transfer-Encoding", "chunked");
    return;
  }
  out += "Content-Length: ";
  append_number(out, content != nullptr ? static_cast<std::size_t>(*content->bytes) : text_bytes);
  out += "\r\n";
}

std::string_view connection_of(const http::Response& response, const HeadFrame& frame) {
  const bool closes = frame.persistence == Persistence::close;
  if (response.status == 426) return closes ? "close, upgrade" : "upgrade";
  if (closes) return "close";
  return frame.minor_version == 0 ? "keep-alive" : "";
}

}  // namespace

std::string_view body_bytes(const http::Response& response) noexcept {
  const std::string* text = std::get_if<std::string>(&response.body);
  return text != nullptr ? std::string_view(*text) : std::string_view();
}

void append_head(std::string& out, const http::Response& response, const HeadFrame& frame) {
  out += "HTTP/1.1 ";
  append_number(out, static_cast<std::size_t>(response.status));
  out.append(" ").append(reason_of(response.status)).append("\r\n");
  append_header(out, "Date", frame.date);
  const std::string_view connection = connection_of(response, frame);
  if (!connection.empty()) append_header(out, "Connection", connection);
  const bool may_have_body = response.status >= 200 && response.status != 204 && response.status != 304;
  if (may_have_body) {
    const auto* content = std::get_if<http::Content>(&response.body);
    const bool has_bytes = content != nullptr || std::holds_alternative<std::string>(response.body);
    if (has_bytes && is_clean(response.media_type)) append_header(out, "Content-Type", response.media_type);
    append_framing(out, content, body_bytes(response).size(), frame.minor_version);
  }
  for (const auto& [name, value] : response.headers) {
    if (http::is_token(name) && is_clean(value) && !is_ours(name)) append_header(out, name, value);
  }
  out += "\r\n";
}

std::string http_date(long long unix_s) {
  const auto time = static_cast<std::time_t>(unix_s);
  std::tm parts{};
  gmtime_r(&time, &parts);
  constexpr std::array<const char*, 7> days = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array<const char*, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                  "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  std::array<char, 80> text{};
  std::snprintf(text.data(), text.size(), "%s, %02d %s %04d %02d:%02d:%02d GMT",
                days[static_cast<std::size_t>(parts.tm_wday)], parts.tm_mday,
                months[static_cast<std::size_t>(parts.tm_mon)], parts.tm_year + 1900, parts.tm_hour, parts.tm_min,
                parts.tm_sec);
  return text.data();
}

}  // namespace simhost::net
