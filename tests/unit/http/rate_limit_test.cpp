// Token buckets.
#include <api/http/rate_limit.hpp>

#include <gtest/gtest.h>

namespace simhost::http {
namespace {

using std::chrono::milliseconds;

const Instant start = Instant{} + std::chrono::hours(1);

TEST(TokenBucket, AllowsABurstAndThenTheRate) {
  TokenBucket bucket({10, 3});
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(bucket.take(start));
  EXPECT_FALSE(bucket.take(start));
  EXPECT_FALSE(bucket.take(start + milliseconds(99)));
  EXPECT_TRUE(bucket.take(start + milliseconds(101)));
  EXPECT_FALSE(bucket.take(start + milliseconds(101)));
}

TEST(TokenBucket, NeverHoldsMoreThanItsBurst) {
  TokenBucket bucket({1000, 2});
  EXPECT_TRUE(bucket.take(start));
  const Instant later = start + std::chrono::hours(5);
  EXPECT_TRUE(bucket.take(later));
  EXPECT_TRUE(bucket.take(later));
  EXPECT_FALSE(bucket.take(later));
}

TEST(TokenBucket, SaysHowLongToWait) {
  TokenBucket bucket({0.1, 1});
  EXPECT_TRUE(bucket.take(start));
  EXPECT_FALSE(bucket.take(start));
  EXPECT_EQ(bucket.wait_s(), 10);
}

TEST(RateLimiter, CountsEachKeyForItself) {
  RateLimiter limiter({1, 1});
  EXPECT_EQ(limiter.take("a", start), 0);
  EXPECT_GT(limiter.take("a", start), 0);
  EXPECT_EQ(limiter.take("b", start), 0);
  EXPECT_EQ(limiter.peek("c", start), 0);
  EXPECT_EQ(limiter.take("c", start), 0);
}

TEST(RateLimiter, IsOffWithoutARate) {
  RateLimiter limiter({0, 0});
  for (int i = 0; i < 100; ++i) EXPECT_EQ(limiter.take("a", start), 0);
  EXPECT_EQ(limiter.keys(), 0U);
}

TEST(RateLimiter, ForgetsKeysAtRestAndSharesOneBucketWhenAllAreBusy) {
  RateLimiter limiter({1, 2}, 3);
  for (const char* key : {"a", "b", "c"}) EXPECT_EQ(limiter.take(key, start), 0);
  EXPECT_EQ(limiter.take("d", start), 0);
  EXPECT_EQ(limiter.take("e", start), 0);
  EXPECT_GT(limiter.take("f", start), 0);
  EXPECT_EQ(limiter.keys(), 3U);
  EXPECT_EQ(limiter.take("f", start + std::chrono::seconds(5)), 0);
  EXPECT_EQ(limiter.keys(), 1U);
}

}  // namespace
}  // namespace simhost::http
