// Making of ids: time in front, then a counter with a random start.
#include <host/base/ids.hpp>

#include <algorithm>

namespace simhost {
namespace {

constexpr std::string_view alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
constexpr unsigned tail_bits = 30;
constexpr std::uint64_t tail_end = std::uint64_t{1} << tail_bits;
constexpr std::size_t time_chars = 10;
constexpr std::int64_t ns_per_ms = 1'000'000;

void append_base32(std::string& out, std::uint64_t value, std::size_t chars) {
  for (std::size_t i = chars; i > 0; --i) out += alphabet[(value >> (5 * (i - 1))) & 31U];
}

}  // namespace

IdMaker::IdMaker(const Clock& clock) : clock_(clock), random_(std::random_device{}()) {}

std::string IdMaker::next() {
  const std::scoped_lock lock(mutex_);
  const auto now_ms = static_cast<std::uint64_t>(std::max<std::int64_t>(clock_.wall_ns(), 0) / ns_per_ms);
  const bool used_up = last_tail_ + 1 == tail_end;
  if (now_ms > last_ms_ || used_up) {
    last_ms_ = std::max(now_ms, last_ms_ + (used_up ? 1 : 0));
    last_tail_ = random_() % (tail_end / 2);  // the upper half leaves room to count
  } else {
    ++last_tail_;
  }
  std::string id;
  append_base32(id, last_ms_, time_chars);
  append_base32(id, last_tail_, id_chars - time_chars);
  return id;
}

bool looks_like_id(std::string_view text) noexcept {
  return text.size() == id_chars && text.find_first_not_of(alphabet) == std::string_view::npos;
}

}  // namespace simhost
