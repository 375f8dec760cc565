// Host, origin and token checks.
#include <api/http/access.hpp>

#include <algorithm>
#include <array>
#include <utility>

#include <api/http/upgrade.hpp>
#include <api/http/url.hpp>

namespace simhost::http {
namespace {

bool is_digits(std::string_view text) noexcept {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool is_name(std::string_view host) noexcept {
  constexpr std::string_view marks = "-._~%!$&'()*+;=";
  return !host.empty() && std::all_of(host.begin(), host.end(), [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || marks.find(c) != std::string_view::npos;
  });
}

bool is_bracketed_address(std::string_view host) noexcept {
  constexpr std::string_view taken = "0123456789abcdef:.";
  return host.size() > 3 && host.front() == '[' && host.back() == ']' &&
         host.substr(1, host.size() - 2).find_first_not_of(taken) == std::string_view::npos;
}

// scheme://authority with nothing behind it.
std::optional<Authority> origin_authority(std::string_view origin) {
  const std::size_t mark = origin.find("://");
  if (mark == std::string_view::npos) return std::nullopt;
  const std::string scheme = to_lower(origin.substr(0, mark));
  if (scheme != "http" && scheme != "https") return std::nullopt;
  return parse_authority(origin.substr(mark + 3));
}

bool is_own_origin(const Request& request, std::string_view origin) {
  return !request.authority.empty() && equal_ignoring_case(origin, request.scheme + "://" + request.authority);
}

}  // namespace

std::optional<Authority> parse_authority(std::string_view text) {
  const std::size_t bracket = text.starts_with('[') ? text.find(']') : 0;
  if (bracket == std::string_view::npos) return std::nullopt;
  const std::size_t colon = text.find(':', bracket);
  Authority authority{to_lower(text.substr(0, colon)), {}};
  if (colon != std::string_view::npos) authority.port = std::string(text.substr(colon + 1));
  if (authority.port.size() > 5 || !is_digits(authority.port)) return std::nullopt;
  if (!is_name(authority.host) && !is_bracketed_address(authority.host)) return std::nullopt;
  return authority;
}

bool is_loopback_name(std::string_view host) noexcept {
  return host == "localhost" || host == "127.0.0.1" || host == "[::1]";
}

bool is_loopback_address(std::string_view address) noexcept {
  return address.starts_with("127.") || address == "::1" || address.starts_with("::ffff:127.");
}

Outcome check_host(const Request& request, const std::vector<std::string>& allowed) {
  const auto authority = parse_authority(request.authority);
  if (request.authority.empty()) return {};  // HTTP/1.0: no browser sends that
  const auto names_us = [&](const std::string& name) {
    return name == "*" ||
           (authority && (equal_ignoring_case(name, authority->host) || equal_ignoring_case(name, request.authority)));
  };
  if (authority && is_loopback_name(authority->host)) return {};
  if (std::any_of(allowed.begin(), allowed.end(), names_us)) return {};
  return fail("host_not_allowed", "Host " + request.authority + " is not served here; add it to http.allowed_hosts");
}

bool is_local_origin(std::string_view origin) {
  const auto authority = origin_authority(origin);
  return authority && is_loopback_name(authority->host);
}

bool is_mutation(std::string_view method) noexcept {
  return method != "GET" && method != "HEAD" && method != "OPTIONS";
}

Outcome check_origin(const Request& request, const std::vector<std::string>& allowed) {
  const std::string* origin = request.header("origin");
  if (origin != nullptr) {
    const bool listed = std::any_of(allowed.begin(), allowed.end(),
                                    [&](const std::string& other) { return equal_ignoring_case(other, *origin); });
    if (listed || is_local_origin(*origin) || is_own_origin(request, *origin)) return {};
    return fail("origin_not_allowed", "origin " + *origin + " may not use this host; add it to http.origins");
  }
  const std::string* site = request.header("sec-fetch-site");
  const bool guarded = is_mutation(request.method) || asks_for_websocket(request);
  if (site == nullptr || !guarded || *site == "none" || *site == "same-origin") return {};
  return fail("origin_not_allowed", "a page of another site sent this request");
}

bool equal_in_constant_time(std::string_view a, std::string_view b) noexcept {
  unsigned difference = a.size() == b.size() ? 0 : 1;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const char other = b.empty() ? '\0' : b[i % b.size()];
    difference |= static_cast<unsigned>(static_cast<unsigned char>(a[i]) ^ static_cast<unsigned char>(other));
  }
  return difference == 0;
}

TokenCheck administrator_token(std::string token) {
  return [token = std::move(token)](std::string_view given) -> std::optional<Identity> {
    if (token.empty() || !equal_in_constant_time(given, token)) return std::nullopt;
    return Identity::administrator;
  };
}

Result<std::optional<std::string_view>> bearer_token(const Request& request) {
  const std::string* header = request.header("authorization");
  if (header == nullptr) return std::optional<std::string_view>();
  const std::size_t space = header->find(' ');
  const std::string_view scheme = std::string_view(*header).substr(0, space);
  if (space == std::string::npos || !equal_ignoring_case(scheme, "bearer")) {
    return fail("unauthorized", "Authorization takes the scheme Bearer");
  }
  return std::optional<std::string_view>(trim(std::string_view(*header).substr(space + 1)));
}

}  // namespace simhost::http
