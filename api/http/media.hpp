// Media types: what a client accepts, what a body claims to be, and turning the one into the other.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <api/http/message.hpp>

namespace simhost::http {

enum class Format : std::uint8_t { json, msgpack };

inline constexpr std::string_view json_type = "application/json";
inline constexpr std::string_view msgpack_type = "application/msgpack";

// "text/html; charset=utf-8" taken apart, names in lower case.
struct MediaType {
  std::string name{};     // "text/html"; empty when it cannot be read
  std::string charset{};  // in lower case, or empty
};
MediaType parse_media_type(std::string_view text);

// The weight 0..1 an Accept value gives a media type; 1 for an empty value (anything).
double accept_weight(std::string_view accept, std::string_view media_type);

// The better of JSON and MessagePack by Accept, JSON when equal. Error: not_acceptable.
Result<Format> negotiate(const Request& request);
// Whether any of these media types is accepted.
bool accepts_any(const Request& request, const std::vector<std::string>& media_types);

// Parses raw_body as its content type says. consumes: other types that stay raw. An empty body stays without.
// Errors: unsupported_media_type, and those of the parsers.
// Whether the body is of one of these types.
bool sends_one_of(const Request& request, const std::vector<std::string>& media_types);

Outcome read_body(Request& request, const std::vector<std::string>& consumes);
// The rules of read_body on the headers alone, for a refusal before the body is read.
Outcome check_body_headers(const Request& request, const std::vector<std::string>& consumes);

// A body value becomes bytes; the media type follows. Text and empty bodies stay.
void encode_body(Response& response, Format format);

}  // namespace simhost::http
