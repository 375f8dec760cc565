// What the cursor of a recording keeps of the frames it is given, and what it says of those it was not.
#include <host/record/intake.hpp>

#include <gtest/gtest.h>

namespace simhost::record {
namespace {

using telemetry::Sample;

struct Tape {
  std::shared_ptr<Intake> intake;
  RecordCursor cursor;
  double value = 1.5;

  explicit Tape(CursorPlan plan, std::size_t room = 1 << 20)
      : intake(std::make_shared<Intake>(room)), cursor(with_selection(std::move(plan)), intake) {}
  static CursorPlan with_selection(CursorPlan plan) {
    plan.selection = {{1}, telemetry::tiles_of({}, 1)};
    return plan;
  }
  void take(std::uint64_t tick, std::uint64_t lost = 0) {
    cursor.take({tick, static_cast<double>(tick), lost, &value});
  }
  // All ticks that have come so far; the gaps that stand before them.
  std::vector<std::int64_t> ticks;
  std::vector<Gap> gaps;
  Intake::Taken collect() {
    cursor.serve(1, {});
    auto taken = intake->take();
    for (const auto& batch : taken.batches) {
      ticks.insert(ticks.end(), batch.ticks.begin(), batch.ticks.end());
      if (batch.before) gaps.push_back(*batch.before);
    }
    return taken;
  }
};

TEST(RecordCursor, KeepsATickOnceAndEveryKth) {
  CursorPlan plan;
  plan.every_ticks = 3;
  Tape tape(plan);
  for (const std::uint64_t tick : {0U, 0U, 1U, 2U, 3U, 3U, 4U, 6U}) tape.take(tick);
  tape.collect();
  EXPECT_EQ(tape.ticks, (std::vector<std::int64_t>{0, 3, 6}));
  EXPECT_TRUE(tape.gaps.empty());
}

TEST(RecordCursor, TellsWhatItWasTooSlowFor) {
  CursorPlan plan;
  plan.every_ticks = 2;
  Tape tape(plan);
  tape.take(4);
  tape.take(12, 7);
  tape.take(14, 1);  // tick 13 was lost, which is none of its rows
  tape.collect();
  EXPECT_EQ(tape.ticks, (std::vector<std::int64_t>{4, 12, 14}));
  EXPECT_EQ(tape.gaps, (std::vector<Gap>{{6, 10, "lapped"}}));
}

TEST(RecordCursor, TellsThatItWasTooSlowAlsoWhereTheNextTickIsNoRow) {
  CursorPlan plan;
  plan.every_ticks = 10;
  Tape tape(plan);
  tape.take(10);
  tape.take(25, 14);
  tape.take(30);
  tape.collect();
  EXPECT_EQ(tape.gaps, (std::vector<Gap>{{20, 20, "lapped"}}));
}

TEST(RecordCursor, TellsWhatFoundNoRoom) {
  Tape tape({}, 40);
  tape.take(0);
  tape.cursor.serve(1, {});
  tape.take(1);
  tape.take(2);
  tape.cursor.serve(2, {});  // 24 bytes a tick: there is room until 40 are passed
  EXPECT_FALSE(tape.cursor.has_room());
  tape.take(3);
  tape.take(4);
  tape.cursor.serve(3, {});
  tape.collect();
  tape.take(5);
  tape.collect();
  EXPECT_EQ(tape.ticks, (std::vector<std::int64_t>{0, 1, 2, 5}));
  EXPECT_EQ(tape.gaps, (std::vector<Gap>{{3, 4, "queue_full"}}));
}

TEST(RecordCursor, EndsAtItsBoundOfTime) {
  CursorPlan plan;
  plan.max_s = 3;
  Tape tape(plan);
  for (std::uint64_t tick = 10; tick < 20; ++tick) tape.take(tick);
  const auto taken = tape.collect();
  EXPECT_EQ(tape.ticks, (std::vector<std::int64_t>{10, 11, 12, 13}));
  EXPECT_TRUE(taken.ended);
  EXPECT_EQ(taken.why, "max_s");
}

TEST(RecordCursor, GoesOnFromWhatAnEarlierRunRecorded) {
  CursorPlan plan;
  plan.last_tick = 50;
  plan.gap_reason = "interrupted";
  Tape tape(plan);
  tape.take(60);
  tape.take(70);
  tape.take(3);  // restored to an earlier tick: nothing is missing
  tape.collect();
  EXPECT_EQ(tape.ticks, (std::vector<std::int64_t>{60, 70, 3}));
  EXPECT_EQ(tape.gaps, (std::vector<Gap>{{51, 59, "interrupted"}, {61, 69, "skipped"}}));
}

TEST(RecordCursor, LeavesOutWhatASessionThatCameBackDoesAgain) {
  CursorPlan plan;
  plan.last_tick = 50;
  plan.gap_reason = "interrupted";
  Tape tape(plan);
  for (std::uint64_t tick = 45; tick < 54; ++tick) tape.take(tick);
  tape.collect();
  EXPECT_EQ(tape.ticks, (std::vector<std::int64_t>{51, 52, 53}));
  EXPECT_TRUE(tape.gaps.empty());
  Tape reset(plan);
  for (const std::uint64_t tick : {40U, 41U, 0U, 1U}) reset.take(tick);
  reset.collect();
  EXPECT_EQ(reset.ticks, (std::vector<std::int64_t>{0, 1}));
}

TEST(RecordCursor, SaysWhenNothingGoesByUnseenAndWhenItEnds) {
  int begun = 0;
  CursorPlan plan;
  plan.every_ticks = 1000;
  plan.begun = [&] { ++begun; };
  Tape tape(plan);
  EXPECT_EQ(begun, 0);
  tape.take(1);
  tape.take(2);
  EXPECT_EQ(begun, 1);
  EXPECT_EQ(tape.cursor.end(telemetry::Ending::failed), telemetry::Cursor::After::gone);
  EXPECT_EQ(tape.collect().why, "failed");
}

}  // namespace
}  // namespace simhost::record
