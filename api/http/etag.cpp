// Comparing entity tags.
#include <api/http/etag.hpp>

#include <algorithm>
#include <array>
#include <cstdint>

#include <api/http/url.hpp>

namespace simhost::http {
namespace {

std::string_view without_weakness(std::string_view tag) { return tag.starts_with("W/") ? tag.substr(2) : tag; }

}  // namespace

std::uint64_t hash_of(std::string_view bytes, std::uint64_t so_far) noexcept {
  for (const char c : bytes) so_far = (so_far ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  return so_far;
}

std::string etag_of(std::string_view bytes) {
  const std::uint64_t hash = hash_of(bytes);
  constexpr std::string_view digits = "0123456789abcdef";
  std::string tag = "\"";
  for (unsigned shift = 64; shift > 0; shift -= 4) tag += digits[(hash >> (shift - 4)) & 15U];
  return tag + "\"";
}

bool is_known(const Request& request, std::string_view etag) {
  const std::string* header = request.header("if-none-match");
  if (header == nullptr) return false;
  const auto members = list_members(*header);
  return std::any_of(members.begin(), members.end(), [&](std::string_view member) {
    return member == "*" || without_weakness(member) == without_weakness(etag);
  });
}

Outcome check_match(const Request& request, std::string_view etag) {
  const std::string* header = request.header("if-match");
  if (header == nullptr) return {};
  const auto members = list_members(*header);
  const bool matches = std::any_of(members.begin(), members.end(),
                                   [&](std::string_view member) { return member == "*" || member == etag; });
  if (matches) return {};
  return fail("precondition_failed", "If-Match does not name the present version " + std::string(etag));
}

}  // namespace simhost::http
