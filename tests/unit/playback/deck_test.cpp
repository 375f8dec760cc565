// The window between who decodes and who ticks.
#include <host/playback/deck.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <limits>
#include <thread>

namespace simhost::playback {
namespace {

using Next = engine::Source::Next;

// Rows of one column and two lanes; row n has tick 10 n and values n and -n.
std::size_t fill(Deck& deck) {
  std::size_t put = 0;
  for (auto room = deck.room(); room.count > 0; room = deck.room(), ++put) {
    const double n = static_cast<double>(room.row);
    const double values[] = {n, -n};
    deck.put(room.row * 10, {values});
  }
  return put;
}

struct Lanes {
  double out0[8] = {};
  double* out[1] = {out0};
  std::uint32_t lane[8] = {1, 0};
  std::int64_t active[8] = {-1, -1};
  std::int32_t status[8] = {};
  sim_lanes table{};
  Lanes() {
    table.n = 2;
    table.out = out;
    table.lane = lane;
    table.active = active;
    table.status = status;
  }
};

TEST(Deck, GivesRowsInOrderAndEndsWithTheLast) {
  Deck deck(4, 2, {0});
  EXPECT_EQ(deck.look(), Next::wait) << "row 0 is in the lanes, row 1 is not there yet";
  EXPECT_TRUE(deck.was_starved());
  EXPECT_FALSE(deck.was_starved());
  EXPECT_EQ(fill(deck), 3U);
  Lanes lanes;
  for (const double n : {1.0, 2.0, 3.0}) {
    ASSERT_EQ(deck.look(), Next::row);
    EXPECT_EQ(static_cast<double>(deck.take()), n * 10);
    ASSERT_EQ(Deck::step(&deck, nullptr, &lanes.table), SIM_OK);
    EXPECT_EQ(lanes.out0[0], -n) << "slot 0 holds lane 1";
    EXPECT_EQ(lanes.out0[1], n);
    deck.release();
  }
  EXPECT_EQ(deck.look(), Next::end);
}

TEST(Deck, IsBoundedHoweverLongTheRecordingIs) {
  Deck narrow(1'000'000, 2, {0}), wide(1'000'000, 65'536, std::vector<double>(20));
  EXPECT_EQ(narrow.room().count, Deck::window_rows);
  EXPECT_EQ(wide.room().count, 2U) << "two of 10 MB: one plays, one is decoded";
  EXPECT_EQ(fill(narrow), Deck::window_rows);
  EXPECT_EQ(narrow.room().count, 0U);
}

TEST(Deck, PassesOverWhatWasFetchedBeforeAJump) {
  Deck deck(1000, 2, {0});
  fill(deck);
  deck.jump(500);
  EXPECT_EQ(deck.look(), Next::wait);
  fill(deck);
  ASSERT_EQ(deck.look(), Next::row);
  EXPECT_EQ(deck.take(), 5010U);
  deck.release();
  deck.jump(999);
  EXPECT_EQ(deck.look(), Next::end);
  deck.jump(0);
  fill(deck);
  ASSERT_EQ(deck.look(), Next::row);
  EXPECT_EQ(deck.take(), 10U);
  deck.release();
}

TEST(Deck, PassesOverARowThatWasOnItsWayDuringAJump) {
  Deck deck(1000, 2, {0});
  const auto room = deck.room();
  ASSERT_EQ(room.row, 1U);
  deck.jump(700);
  const double values[] = {1, 1};
  deck.put(10, {values});
  EXPECT_EQ(deck.look(), Next::wait);
  EXPECT_EQ(deck.room().row, 701U);
}

// A jump falls anywhere into the work of who fills, and no row after it may be missing.
TEST(Deck, GivesTheRowAfterEveryJumpWhoeverFillsMeanwhile) {
  constexpr std::uint64_t rows = 1000;
  Deck deck(rows, 2, {0});
  std::atomic<bool> stop{false};
  std::thread filler([&] {
    while (!stop) fill(deck);
  });
  for (std::uint64_t i = 1; i <= 5000 && !HasFailure(); ++i) {
    const auto row = i * 37 % (rows - 2);
    deck.jump(row);
    while (deck.look() == Next::wait)
      ;
    EXPECT_EQ(deck.take(), (row + 1) * 10) << "after " << i << " jumps";
    deck.release();
  }
  stop = true;
  filler.join();
}

TEST(Deck, ShowsTheStartValueWhereACellIsEmpty) {
  Deck deck(3, 2, {-5});
  static_cast<void>(deck.room());
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double first[] = {7, 8}, second[] = {nan, 9};
  deck.put(1, {first});
  deck.put(2, {second});
  Lanes lanes;
  for (int i = 0; i < 2; ++i) {
    ASSERT_EQ(deck.look(), Next::row);
    deck.take();
    Deck::step(&deck, nullptr, &lanes.table);
    deck.release();
  }
  EXPECT_EQ(lanes.out0[1], -5);
  EXPECT_EQ(lanes.out0[0], 9);
}

TEST(Deck, SaysWhenNoMoreRowsWillCome) {
  Deck deck(10, 2, {0});
  deck.fail();
  EXPECT_EQ(deck.look(), Next::broken);
  EXPECT_EQ(deck.room().count, 0U);
}

}  // namespace
}  // namespace simhost::playback
