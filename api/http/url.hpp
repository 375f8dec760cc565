// Pieces of URLs and header texts: percent decoding, queries, lists of tokens. Pure, and bounded by their input.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <api/http/message.hpp>

namespace simhost::http {

enum class Plus : std::uint8_t { literal, space };

// The bytes behind %XX. Nothing for a broken escape, a NUL or bytes that are no UTF-8.
std::optional<std::string> percent_decode(std::string_view text, Plus plus = Plus::literal);
// Leaves RFC 3986 unreserved characters, escapes the rest.
std::string percent_encode(std::string_view text);

// Name-value pairs in the order sent; a key without '=' has an empty value. Error: invalid_query.
Result<Pairs> parse_query(std::string_view text);

struct TargetParts {
  std::string_view path;
  std::string_view query;  // without '?'
};
TargetParts split_target(std::string_view origin_form) noexcept;

bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept;
std::string to_lower(std::string_view text);
std::string_view trim(std::string_view text) noexcept;  // spaces and tabs
bool is_token(std::string_view text) noexcept;          // RFC 9110 token, not empty

// The trimmed, non-empty members of a comma-separated header value; commas inside quotes do not split.
std::vector<std::string_view> list_members(std::string_view value);
// Whether one of the members is this word, in any case.
bool list_holds(std::string_view value, std::string_view word);

}  // namespace simhost::http
