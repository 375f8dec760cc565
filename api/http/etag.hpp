// Entity tags: making one from bytes, and the two conditional headers.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <api/http/message.hpp>

namespace simhost::http {

// FNV-1a, 64 bits: guards against mistakes, not against malice. so_far: what the bytes before gave.
std::uint64_t hash_of(std::string_view bytes, std::uint64_t so_far = 14695981039346656037ULL) noexcept;

// A strong tag in quotes, equal for equal bytes.
std::string etag_of(std::string_view bytes);

// Whether If-None-Match says that the client holds this version (weak comparison, "*" is any).
bool is_known(const Request& request, std::string_view etag);

// Whether If-Match is absent or names this version (strong comparison, "*" is any). Error: precondition_failed.
Outcome check_match(const Request& request, std::string_view etag);

}  // namespace simhost::http
