// The books of a plugin: attachments, metrics and the budget of the log.
#include <host/services/books.hpp>

#include <gtest/gtest.h>

#include <host/base/limits.hpp>

namespace simhost::services {
namespace {

TEST(Attachments, AreKeptReplacedAndRemoved) {
  Attachments attachments;
  ASSERT_TRUE(attachments.put("s1", "profile", "slow"));
  ASSERT_TRUE(attachments.put("", "profile", "mine"));
  EXPECT_EQ(attachments.get("s1", "profile"), "slow");
  ASSERT_TRUE(attachments.put("s1", "profile", "fast"));
  EXPECT_EQ(attachments.get("s1", "profile"), "fast");
  EXPECT_EQ(attachments.get("s2", "profile"), std::nullopt);
  ASSERT_TRUE(attachments.put("s1", "profile", ""));
  EXPECT_EQ(attachments.get("s1", "profile"), std::nullopt);
  EXPECT_EQ(attachments.get("", "profile"), "mine");
}

TEST(Attachments, AreBoundedEachAndInAll) {
  Attachments attachments;
  EXPECT_FALSE(attachments.put("s", "big", std::string(limits::attachment_key_bytes + 1, 'x')));
  EXPECT_FALSE(attachments.put("s", "", "x"));
  EXPECT_FALSE(attachments.put("s", std::string(limits::attachment_name_bytes + 1, 'k'), "x"));
  EXPECT_EQ(attachments.bytes(), 0u);
  const std::string full(limits::attachment_key_bytes, 'x');
  std::size_t kept = 0;
  while (attachments.put("s", std::to_string(kept), full)) ++kept;
  EXPECT_GT(kept, 1000u);
  EXPECT_LE(attachments.bytes(), limits::attachment_bytes);
  EXPECT_TRUE(attachments.put("s", "0", full)) << "what replaces as much as it takes has room";
  attachments.drop("s");
  EXPECT_EQ(attachments.bytes(), 0u);
}

TEST(Attachments, OutliveTheHostWithAStore) {
  const auto store = store::make_memory_store();
  {
    Books books("tenant", store.get());
    ASSERT_TRUE(books.attachments.put("s1", "profile", "slow"));
    ASSERT_TRUE(books.attachments.put("s1", "path/with slash", std::string("\0\xff", 2)));
    ASSERT_TRUE(books.attachments.put("", "own", "mine"));
    ASSERT_TRUE(books.attachments.put("s2", "profile", "gone"));
    ASSERT_TRUE(books.attachments.put("s1", "removed", "x"));
    ASSERT_TRUE(books.attachments.put("s1", "removed", ""));
    books.attachments.drop("s2");
  }
  Books other("other", store.get());
  EXPECT_EQ(other.attachments.bytes(), 0u);
  Books back("tenant", store.get());
  EXPECT_EQ(back.attachments.get("s1", "profile"), "slow");
  EXPECT_EQ(back.attachments.get("s1", "path/with slash"), std::string("\0\xff", 2));
  EXPECT_EQ(back.attachments.get("", "own"), "mine");
  EXPECT_EQ(back.attachments.get("s2", "profile"), std::nullopt);
  EXPECT_EQ(back.attachments.get("s1", "removed"), std::nullopt);
  EXPECT_EQ(back.attachments.bytes(), 7u + 4 + 15 + 2 + 3 + 4);
}

TEST(Metrics, AreTheSameByNameAndAtMostSoMany) {
  Metrics metrics;
  sim_metric* first = metrics.get(SIM_COUNTER, "n", "how many");
  ASSERT_NE(first, nullptr);
  EXPECT_EQ(metrics.get(SIM_COUNTER, "n", "other words"), first);
  EXPECT_EQ(metrics.get(SIM_GAUGE, "n", ""), nullptr);
  EXPECT_EQ(metrics.get(SIM_COUNTER, "with space", ""), nullptr);
  EXPECT_EQ(metrics.get(7, "m", ""), nullptr);
  for (std::size_t i = 1; i < limits::plugin_metrics; ++i)
    EXPECT_NE(metrics.get(SIM_GAUGE, "g" + std::to_string(i), ""), nullptr);
  EXPECT_EQ(metrics.get(SIM_GAUGE, "one_more", ""), nullptr);
  EXPECT_EQ(metrics.list().size(), limits::plugin_metrics);
}

TEST(LogBudget, LetsABurstThroughThenSoManyASecondAndCountsTheRest) {
  LogBudget budget;
  std::uint64_t left_out = 0;
  std::size_t written = 0;
  for (std::size_t i = 0; i < limits::plugin_log_burst + 50; ++i) written += budget.take(1'000, left_out) ? 1 : 0;
  EXPECT_EQ(written, limits::plugin_log_burst);
  EXPECT_TRUE(budget.take(1'000'000'000, left_out));
  EXPECT_EQ(left_out, 50u);
}

}  // namespace
}  // namespace simhost::services
