// Reading ranges.
#include <api/http/range.hpp>

#include <algorithm>
#include <charconv>
#include <optional>

#include <api/http/url.hpp>

namespace simhost::http {
namespace {

// Digits alone; one too large for us is larger than any file.
std::optional<std::uint64_t> whole_number(std::string_view text) {
  const bool digits = std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (text.empty() || !digits) return std::nullopt;
  std::uint64_t number = UINT64_MAX;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

WantedPart part_of(std::string_view range, std::uint64_t size) {
  const std::size_t dash = range.find('-');
  if (dash == std::string_view::npos) return WholeFile{};
  const std::string_view from = trim(range.substr(0, dash)), to = trim(range.substr(dash + 1));
  const auto first = whole_number(from), last = whole_number(to);
  if (from.empty() && last) {  // the last so many bytes
    if (*last == 0 || size == 0) return UnsatisfiableRange{};
    const std::uint64_t bytes = std::min(*last, size);
    return FileRange{size - bytes, bytes};
  }
  if (!first || (!to.empty() && !last) || (last && *last < *first)) return WholeFile{};
  if (*first >= size) return UnsatisfiableRange{};
  return FileRange{*first, std::min(last.value_or(UINT64_MAX), size - 1) - *first + 1};
}

}  // namespace

WantedPart wanted_part(const Request& request, std::uint64_t size, std::string_view etag) {
  const std::string* range = request.header("range");
  if (request.method != "GET" || range == nullptr) return WholeFile{};
  const std::string* version = request.header("if-range");
  if (version != nullptr && *version != etag) return WholeFile{};  // a weak tag or a date never is equal
  const std::size_t equals = range->find('=');
  if (equals == std::string::npos || !equal_ignoring_case(trim(range->substr(0, equals)), "bytes")) return WholeFile{};
  const auto ranges = list_members(std::string_view(*range).substr(equals + 1));
  return ranges.size() == 1 ? part_of(ranges.front(), size) : WholeFile{};
}

}  // namespace simhost::http
