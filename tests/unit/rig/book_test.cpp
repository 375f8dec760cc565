/// From ticks to readings and results, also where time goes back.
#include <plugins/robot_test_rig/history.hpp>

#include <gtest/gtest.h>

#include <string>

namespace robot_test_rig::test {
namespace {

/// A tick at which the force sensor alone has read its k-th value.
Snapshot tick(double k, double force) {
  Snapshot shown{};
  shown[force_n] = force;
  shown[force_count] = k + 1;
  shown[force_at_s] = k / 10;
  return shown;
}

/// The k-th alert, about the reading k of the force.
Finding found(int number, Rule rule, int k) {
  Finding finding;
  finding.id = "0" + std::to_string(100'000 + number);
  finding.rule = rule;
  finding.tick = static_cast<std::uint64_t>(10 * k);
  finding.at_s = k / 10.0;
  return finding;
}

TEST(RigBook, TakesEachReadingOnce) {
  Book book;
  for (int i = 0; i < 5; ++i) book.see(tick(0, 10));
  book.see(tick(1, 11));
  EXPECT_EQ(book.totals().readings(), 2u);
  EXPECT_EQ(latest(book.log())[0]->value, 11);
  EXPECT_FALSE(latest(book.log())[1]);
}

TEST(RigBook, HearsEachAlertOnce) {
  Book book;
  EXPECT_EQ(book.heard(), "");
  for (int again = 0; again < 2; ++again) {
    book.hear(found(1, Rule::force_error, 1));
    book.hear(found(2, Rule::force_spike, 3));
  }
  const auto all = book.findings(10);
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].rule, Rule::force_error);
  EXPECT_EQ(book.findings(1)[0].rule, Rule::force_spike);
  EXPECT_EQ(book.totals().findings, 2u);
  EXPECT_EQ(book.heard(), found(2, Rule::force_spike, 3).id);
}

TEST(RigBook, TakesBackWhatATickThatComesAgainFoundBefore) {
  Book book;
  book.hear(found(1, Rule::force_error, 1));
  book.hear(found(2, Rule::motor_speed, 5));
  book.hear(found(3, Rule::force_error, 5));
  book.hear(found(4, Rule::force_spike, 7));
  book.hear(found(5, Rule::force_error, 5));  // the host came back from a crash at tick 40
  ASSERT_EQ(book.findings(10).size(), 3u);
  EXPECT_EQ(book.totals().findings, 3u);
  EXPECT_EQ(book.findings(1)[0].id, found(5, Rule::force_error, 5).id);
}

TEST(RigBook, BoundsItsResults) {
  Book book;
  for (int k = 0; k < 12'000; ++k) book.hear(found(k, Rule::force_error, k));
  EXPECT_EQ(book.findings(100'000).size(), findings_max);
  EXPECT_EQ(book.totals().findings, 12'000u);
}

TEST(RigBook, ForgetsWhatARestoreTookBack) {
  Book book;
  for (int k = 0; k < 100; ++k) book.see(tick(k, 10));
  book.hear(found(1, Rule::force_error, 20));
  book.hear(found(2, Rule::force_error, 80));
  book.see(tick(50, 10));  // restored
  EXPECT_EQ(book.totals().readings(), 51u);
  EXPECT_EQ(book.totals().findings, 1u);
  book.see(tick(51, 12));
  EXPECT_EQ(book.log()[Sensor::force].size(), 52u);
  EXPECT_EQ(latest(book.log())[0]->value, 12);
}

TEST(RigBook, BeginsAnewAfterAReset) {
  Book book;
  for (int k = 0; k < 100; ++k) book.see(tick(k, 10));
  book.see(tick(0, 33));
  EXPECT_EQ(book.totals().readings(), 1u);
  EXPECT_EQ(latest(book.log())[0]->value, 33);
}

TEST(RigShelf, KnowsTheNewestBookByItsSession) {
  const BookPointer book = open_book("one");
  EXPECT_EQ(find_book("one"), book);
  EXPECT_EQ(find_book("two"), nullptr);
  close_books();
  EXPECT_EQ(find_book("one"), nullptr);
  see_tick(book.get(), nullptr, 0);  // the host lets it go
  book->wait_for_end();
}

}  // namespace
}  // namespace robot_test_rig::test
