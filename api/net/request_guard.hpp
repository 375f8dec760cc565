// Refuses request headers that two parsers could read in two ways: a strict scan of the raw lines, before any parser.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include <api/net/settings.hpp>
#include <host/base/error.hpp>

namespace simhost::net {

// What framing needs to know of a header that passed.
struct HeadFacts {
  int minor_version = 1;
  int hosts = 0;
  std::optional<std::uint64_t> content_length{};
  bool chunked = false;
  bool expects_continue = false;

  [[nodiscard]] bool has_body() const noexcept { return chunked || content_length.value_or(0) > 0; }
};

class RequestGuard {
 public:
  explicit RequestGuard(const Settings& settings) noexcept : settings_(settings) {}

  void reset() noexcept;
  // received: all bytes of this request so far; lines seen before are not looked at again. Gives the length of the
  // header block with its empty line, or 0 while it is incomplete. Errors carry their status.
  Result<std::size_t> scan(std::string_view received);
  [[nodiscard]] const HeadFacts& facts() const noexcept { return facts_; }

 private:
  Outcome request_line(std::string_view line);
  Outcome check_target(std::string_view method, std::string_view target) const;
  Outcome header_line(std::string_view line);
  Outcome framing_field(std::string_view name, std::string_view value);
  Outcome single_field(std::string_view name);
  [[nodiscard]] Outcome check_whole() const;
  [[nodiscard]] Outcome check_size(std::string_view received) const;

  const Settings& settings_;
  HeadFacts facts_;
  std::size_t line_start_ = 0;
  std::size_t lines_ = 0;
  bool has_transfer_encoding_ = false;
  std::uint32_t seen_singles_ = 0;
};

}  // namespace simhost::net
