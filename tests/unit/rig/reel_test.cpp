/// Readings out of the rows of a recording, also where time went back while it was made.
#include <plugins/robot_test_rig/reel.hpp>

#include <gtest/gtest.h>

#include <algorithm>

namespace robot_test_rig::test {
namespace {

/// The tick of the k-th force reading; mark tells one timeline from another.
RecordedTick row(int k, double mark) {
  Snapshot shown{};
  shown[force_n] = mark;
  shown[force_count] = k + 1;
  shown[force_at_s] = k / 10.0;
  return {k * 10, shown};
}

/// Gives them three at a time.
ReadRows in_pieces(std::vector<RecordedTick> rows) {
  return [rows = std::move(rows)](std::uint64_t from_row) {
    const auto from = std::min<std::size_t>(from_row, rows.size()), to = std::min(from + 3, rows.size());
    return std::vector<RecordedTick>(rows.begin() + static_cast<std::ptrdiff_t>(from),
                                     rows.begin() + static_cast<std::ptrdiff_t>(to));
  };
}

std::vector<std::pair<double, double>> all(Reel reel) {
  std::vector<std::pair<double, double>> found;
  while (const auto reading = reel.next()) found.emplace_back(reading->at_s, reading->value);
  return found;
}

TEST(RigReel, GivesEachReadingOnce) {
  std::vector<RecordedTick> rows;
  for (int k = 0; k < 10; ++k) {
    rows.push_back(row(k, 1));
    rows.push_back(row(k, 1));  // the same reading is shown until the next one comes
    ++rows.back().tick;
  }
  const auto found = all({in_pieces(rows), {}});
  ASSERT_EQ(found.size(), 10u);
  for (int k = 0; k < 10; ++k) EXPECT_EQ(found[static_cast<std::size_t>(k)].first, k / 10.0);
}

TEST(RigReel, LeavesOutWhatNeverWas) {
  std::vector<RecordedTick> rows;
  for (int k = 0; k < 8; ++k) rows.push_back(row(k, 1));
  for (int k = 5; k < 7; ++k) rows.push_back(row(k, 2));  // restored to tick 50
  for (int k = 3; k < 9; ++k) rows.push_back(row(k, 3));  // and once more, to tick 30
  const auto found = all({in_pieces(rows), {{8, 50}, {10, 30}}});
  ASSERT_EQ(found.size(), 9u);
  for (int k = 0; k < 9; ++k)
    EXPECT_EQ(found[static_cast<std::size_t>(k)], std::pair(k / 10.0, k < 3 ? 1.0 : 3.0)) << k;
}

TEST(RigReel, EndsWhereThereAreNoRows) { EXPECT_TRUE(all({in_pieces({}), {}}).empty()); }

}  // namespace
}  // namespace robot_test_rig::test
