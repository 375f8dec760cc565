/// From ticks to readings and results, also where time goes back.
#include <plugins/robot_test_rig/book.hpp>

#include <gtest/gtest.h>

namespace robot_test_rig::test {
namespace {

/// A tick at which the force sensor alone has read its k-th value.
Snapshot tick(double k, double force, double before = 0, double second_before = 0) {
  Snapshot shown{};
  shown[force_n] = force;
  shown[force_count] = k + 1;
  shown[force_at_s] = k / 10;
  shown[force_before_n] = before;
  shown[force_second_before_n] = second_before;
  return shown;
}

TEST(RigBook, TakesEachReadingOnce) {
  Book book{Settings{}};
  for (int i = 0; i < 5; ++i) book.see(tick(0, 10));
  book.see(tick(1, 11));
  EXPECT_EQ(book.totals().readings(), 2u);
  EXPECT_EQ(book.latest()[0]->value, 11);
  EXPECT_FALSE(book.latest()[1]);
}

TEST(RigBook, JudgesEachReading) {
  Book book{Settings{}};
  book.see(tick(0, 100));
  book.see(tick(1, 10, 100));
  book.see(tick(2, 10, 10, 100));
  book.see(tick(3, 70, 10, 10));
  const auto found = book.findings(10);
  ASSERT_EQ(found.size(), 3u);
  EXPECT_EQ(found[0].rule, Rule::force_error);
  EXPECT_EQ(found[1].rule, Rule::force_spike);
  EXPECT_EQ(found[2].rule, Rule::force_warning);
  EXPECT_EQ(book.findings(1)[0].rule, Rule::force_warning);
  EXPECT_EQ(book.totals().findings, 3u);
}

TEST(RigBook, HasNoSpikeBeforeTheThirdReading) {
  Book book{Settings{}};
  book.see(tick(0, 60));
  book.see(tick(1, 5, 60, 0));
  EXPECT_TRUE(book.findings(10).empty());
}

TEST(RigBook, BoundsItsResults) {
  Book book{Settings{}};
  for (int k = 0; k < 12'000; ++k) book.see(tick(k, 90, 90, 90));
  EXPECT_EQ(book.findings(100'000).size(), findings_max);
  EXPECT_EQ(book.totals().findings, 12'000u);
}

TEST(RigBook, ForgetsWhatARestoreTookBack) {
  Book book{Settings{}};
  for (int k = 0; k < 100; ++k) book.see(tick(k, k == 80 ? 90 : 10, 10, 10));
  book.see(tick(50, 10, 10, 10));  // restored
  EXPECT_EQ(book.totals().readings(), 51u);
  EXPECT_EQ(book.totals().findings, 0u);
  book.see(tick(51, 12, 10, 10));
  EXPECT_EQ(book.log()[Sensor::force].size(), 52u);
  EXPECT_EQ(book.latest()[0]->value, 12);
}

TEST(RigBook, BeginsAnewAfterAReset) {
  Book book{Settings{}};
  for (int k = 0; k < 100; ++k) book.see(tick(k, 10));
  book.see(tick(0, 33));
  EXPECT_EQ(book.totals().readings(), 1u);
  EXPECT_EQ(book.latest()[0]->value, 33);
}

TEST(RigShelf, KnowsTheNewestBookByItsSession) {
  const BookPointer book = open_book("one", Settings{});
  EXPECT_EQ(find_book("one"), book);
  EXPECT_EQ(find_book("two"), nullptr);
  close_books();
  EXPECT_EQ(find_book("one"), nullptr);
  see_tick(book.get(), nullptr, 0);  // the host lets it go
  book->wait_for_end();
}

}  // namespace
}  // namespace robot_test_rig::test
