// The forms that texts of settings may have.
#include <host/settings/complaints.hpp>

namespace simhost::settings {

std::string_view host_complaint(std::string_view text) {
  const bool plain = !text.empty() && text.find_first_of(" /\\@#?\t") == std::string_view::npos;
  return plain ? "" : "a host name or address is needed, without scheme and path";
}

std::string_view origin_complaint(std::string_view text) {
  constexpr std::string_view needed = "an origin is needed, such as https://panel.example.org or http://10.0.0.7:3000";
  const std::size_t scheme = text.starts_with("http://") ? 7 : text.starts_with("https://") ? 8 : 0;
  if (scheme == 0 || !host_complaint(text.substr(scheme)).empty()) return needed;
  return text.find('*') == std::string_view::npos ? "" : "an origin is exact: there are no wildcards";
}

std::string_view store_complaint(std::string_view text) {
  const bool known = text.starts_with("sqlite:") || text.starts_with("postgresql://") || text == "memory:";
  return known ? "" : "a store is sqlite:, sqlite:/path/to/file, postgresql://user@host/database or memory:";
}

std::string_view text_complaint(std::string_view text) { return text.empty() ? "the text must not be empty" : ""; }

std::string_view library_complaint(std::string_view text) {
  const bool plain = text.find(".so") != std::string_view::npos && text.find('/') == std::string_view::npos;
  return plain ? "" : "the name of a shared library is needed, without folder, such as libz.so.1";
}

}  // namespace simhost::settings
