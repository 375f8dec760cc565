// The Range and If-Range headers of requests for files (RFC 9110, 14).
#pragma once

#include <cstdint>
#include <string_view>
#include <variant>

#include <api/http/message.hpp>

namespace simhost::http {

struct WholeFile {};
struct UnsatisfiableRange {};
struct FileRange {
  std::uint64_t first = 0;
  std::uint64_t bytes = 0;
};
using WantedPart = std::variant<WholeFile, FileRange, UnsatisfiableRange>;

// What a GET wants of a file of that size. A header that is malformed, names another unit or several ranges, or whose
// If-Range is of another version, counts as none.
WantedPart wanted_part(const Request& request, std::uint64_t size, std::string_view etag);

}  // namespace simhost::http
