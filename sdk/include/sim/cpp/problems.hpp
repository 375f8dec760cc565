/// Problems of the host taken apart: for plugins that write errors in a shape of their own.
#pragma once

#include <sim/ext/routes.h>
#include <sim/cpp/values.hpp>

#include <algorithm>
#include <iterator>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace sim::inline sdk_v1_0 {

inline std::span<const sim_field_error> faults_of(const sim_problem& problem) noexcept {
  return {problem.errors, problem.errors == nullptr ? 0 : problem.n_errors};
}

/// Whether a body could not be read at all: these have no faults in fields.
inline bool is_unreadable(std::string_view code) noexcept {
  constexpr std::string_view codes[] = {"invalid_json", "invalid_msgpack", "duplicate_key", "too_deep"};
  return std::find(std::begin(codes), std::end(codes), code) != std::end(codes);
}

/// Calls f(std::string) for each token of a pointer (RFC 6901), unescaped; "?key", of a query, is one token.
template <class F>
void each_token(std::string_view pointer, F f) {
  if (pointer.starts_with('?')) return f(std::string(pointer.substr(1)));
  while (pointer.starts_with('/')) {
    pointer.remove_prefix(1);
    const std::size_t end = std::min(pointer.find('/'), pointer.size());
    std::string token(pointer.substr(0, end));
    for (const auto& [escape, plain] : {std::pair{"~1", "/"}, std::pair{"~0", "~"}}) {
      for (std::size_t at = token.find(escape); at != std::string::npos; at = token.find(escape, at + 1))
        token.replace(at, 2, plain);
    }
    f(token);
    pointer.remove_prefix(end);
  }
}

}  // namespace sim::inline sdk_v1_0
