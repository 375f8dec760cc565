// Entity tags: making one from bytes, and the two conditional headers.
#pragma once

#include <string>
#include <string_view>

#include <api/http/message.hpp>

namespace simhost::http {

// A strong tag in quotes, equal for equal bytes.
std::string etag_of(std::string_view bytes);

// Whether If-None-Match says that the client holds this version (weak comparison, "*" is any).
bool is_known(const Request& request, std::string_view etag);

// Whether If-Match is absent or names this version (strong comparison, "*" is any). Error: precondition_failed.
Outcome check_match(const Request& request, std::string_view etag);

}  // namespace simhost::http
