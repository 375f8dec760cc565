// Token buckets by key: so many per second with a burst, for a bounded number of keys. For one thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>

namespace simhost::http {

using Instant = std::chrono::steady_clock::time_point;

struct Rate {
  double per_s = 0;  // 0: no limit
  double burst = 0;
};

// One bucket, full at first.
class TokenBucket {
 public:
  explicit TokenBucket(Rate rate) noexcept : rate_(rate), tokens_(rate.burst) {}

  // Takes a token if there is one.
  bool take(Instant now) noexcept;
  // Whether take would succeed; takes nothing.
  bool has_one(Instant now) noexcept;
  // Whole seconds until there is one, at least 1.
  [[nodiscard]] int wait_s() const noexcept;
  [[nodiscard]] bool is_full() const noexcept { return tokens_ >= rate_.burst; }
  void refill(Instant now) noexcept;

 private:
  Rate rate_;
  double tokens_;
  Instant last_{};
};

// Buckets by key. When full, keys at rest are forgotten; with none at rest a new key shares one common bucket.
class RateLimiter {
 public:
  explicit RateLimiter(Rate rate, std::size_t keys_max = 4096) : rate_(rate), keys_max_(keys_max), shared_(rate) {}

  // 0: go on; else the seconds to wait.
  int take(std::string_view key, Instant now);
  int peek(std::string_view key, Instant now);
  [[nodiscard]] std::size_t keys() const noexcept { return buckets_.size(); }

 private:
  TokenBucket& bucket(std::string_view key, Instant now);

  Rate rate_;
  std::size_t keys_max_;
  TokenBucket shared_;
  std::unordered_map<std::string, TokenBucket> buckets_;
};

}  // namespace simhost::http
