// Who may talk to a listener: host names, origins and bearer tokens. Pure checks.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <api/http/message.hpp>

namespace simhost::http {

// "localhost:8080" taken apart; host in lower case, IPv6 in brackets. Nothing when it is no authority.
struct Authority {
  std::string host;
  std::string port;  // digits or empty
};
std::optional<Authority> parse_authority(std::string_view text);

bool is_loopback_name(std::string_view host) noexcept;        // localhost, 127.0.0.1, [::1]
bool is_loopback_address(std::string_view address) noexcept;  // of a peer: 127.0.0.0/8, ::1, mapped

// Whether the Host header names us: a loopback name, or one of allowed (host, or host:port; "*" is any).
// Error: host_not_allowed.
Outcome check_host(const Request& request, const std::vector<std::string>& allowed);

// http or https on a loopback name, any port.
bool is_local_origin(std::string_view origin);

// The Origin header where there is one: local, the listener's own, or listed; "null" never. Without it a
// cross-site Sec-Fetch-Site on a mutation or an upgrade is refused. Error: origin_not_allowed.
Outcome check_origin(const Request& request, const std::vector<std::string>& allowed);

bool is_mutation(std::string_view method) noexcept;  // not GET, HEAD, OPTIONS

// Takes as long for a near miss as for a far one of the same length.
bool equal_in_constant_time(std::string_view a, std::string_view b) noexcept;

// Who bears this token; nothing for a wrong one.
using TokenCheck = std::function<std::optional<Identity>(std::string_view token)>;
TokenCheck administrator_token(std::string token);

// The token of an Authorization header; nothing when there is none. Error: unauthorized for another scheme.
Result<std::optional<std::string_view>> bearer_token(const Request& request);

}  // namespace simhost::http
