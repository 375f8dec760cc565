// Ids the host makes: 16 lower-case characters that sort by creation and never repeat.
#pragma once

#include <cstdint>
#include <mutex>
#include <random>
#include <string>
#include <string_view>

#include <host/base/clock.hpp>

namespace simhost {

// 48 bits of wall milliseconds and 30 bits that start at random in each millisecond and count up within it, in
// Crockford's base 32. Ids of one maker rise strictly, also while the wall clock goes back. Safe on any thread.
class IdMaker {
 public:
  explicit IdMaker(const Clock& clock = system_clock());
  std::string next();

 private:
  const Clock& clock_;
  std::mutex mutex_;
  std::mt19937_64 random_;
  std::uint64_t last_ms_ = 0;
  std::uint64_t last_tail_ = 0;
};

inline constexpr std::size_t id_chars = 16;

// Whether a text has the form of an id; nothing is said about its existence.
bool looks_like_id(std::string_view text) noexcept;

}  // namespace simhost
