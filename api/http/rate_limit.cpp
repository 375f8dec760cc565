// Refilling and taking of tokens.
#include <api/http/rate_limit.hpp>

#include <algorithm>
#include <cmath>
#include <iterator>

namespace simhost::http {

void TokenBucket::refill(Instant now) noexcept {
  if (last_ != Instant{} && now > last_) {
    const double passed_s = std::chrono::duration<double>(now - last_).count();
    tokens_ = std::min(rate_.burst, tokens_ + passed_s * rate_.per_s);
  }
  last_ = std::max(now, last_);
}

bool TokenBucket::has_one(Instant now) noexcept {
  refill(now);
  return tokens_ >= 1;
}

bool TokenBucket::take(Instant now) noexcept {
  if (!has_one(now)) return false;
  tokens_ -= 1;
  return true;
}

int TokenBucket::wait_s() const noexcept {
  if (rate_.per_s <= 0) return 1;
  return std::max(1, static_cast<int>(std::ceil(std::min(3600.0, (1 - tokens_) / rate_.per_s))));
}

int RateLimiter::take(std::string_view key, Instant now) {
  if (rate_.per_s <= 0) return 0;
  TokenBucket& found = bucket(key, now);
  return found.take(now) ? 0 : found.wait_s();
}

int RateLimiter::peek(std::string_view key, Instant now) {
  if (rate_.per_s <= 0) return 0;
  TokenBucket& found = bucket(key, now);
  return found.has_one(now) ? 0 : found.wait_s();
}

TokenBucket& RateLimiter::bucket(std::string_view key, Instant now) {
  std::string name(key);
  const auto found = buckets_.find(name);
  if (found != buckets_.end()) return found->second;
  if (buckets_.size() >= keys_max_) {
    for (auto entry = buckets_.begin(); entry != buckets_.end();) {
      entry->second.refill(now);
      entry = entry->second.is_full() ? buckets_.erase(entry) : std::next(entry);
    }
  }
  if (buckets_.size() >= keys_max_) return shared_;
  return buckets_.emplace(std::move(name), TokenBucket(rate_)).first->second;
}

}  // namespace simhost::http
