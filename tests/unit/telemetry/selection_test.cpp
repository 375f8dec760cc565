// Tiles, unions and gathers.
#include <host/telemetry/selection.hpp>

#include <gtest/gtest.h>

namespace simhost::telemetry {
namespace {

TEST(Selection, MakesTilesOfLanesAndLanesOfTiles) {
  const std::vector<std::uint32_t> lanes{0, 1, 2, 5, 7, 8};
  const auto tiles = tiles_of(lanes, 10);
  ASSERT_EQ(tiles.size(), 3U);
  EXPECT_EQ(tiles[2].first_lane, 7U);
  EXPECT_EQ(tiles[2].count, 2U);
  EXPECT_EQ(lanes_of(tiles), lanes);
  EXPECT_EQ(lanes_of(tiles_of({}, 3)), (std::vector<std::uint32_t>{0, 1, 2}));
}

TEST(Selection, UnitesWithoutDoublingAnything) {
  Selection all{{3, 1}, {{0, 2}, {6, 1}}};
  unite(all, {{1, 2}, {{1, 4}, {9, 1}}});
  EXPECT_EQ(all, (Selection{{3, 1, 2}, {{0, 5}, {6, 1}, {9, 1}}}));
}

TEST(Gather, TakesASelectionOutOfWiderFrames) {
  const engine::Wanted wanted{{10, 20, 30}, {{0, 2}, {4, 3}}, 1, 4};
  std::vector<double> frame;
  for (int column = 0; column < 3; ++column)
    for (const int lane : {0, 1, 4, 5, 6}) frame.push_back(100 * column + lane);
  const Gather gather(wanted, {{30, 10}, {{1, 1}, {5, 2}}});
  ASSERT_TRUE(gather.complete());
  std::vector<double> out(gather.values());
  gather.copy(frame.data(), out.data());
  EXPECT_EQ(out, (std::vector<double>{201, 205, 206, 1, 5, 6}));
}

TEST(Gather, KnowsWhatAFrameDoesNotHold) {
  const engine::Wanted wanted{{10, 20}, {{0, 2}, {4, 3}}, 1, 4};
  EXPECT_FALSE(Gather(wanted, {{30}, {{0, 1}}}).complete());
  EXPECT_FALSE(Gather(wanted, {{10}, {{3, 2}}}).complete());
  EXPECT_FALSE(Gather(wanted, {{10}, {{0, 5}}}).complete());
  EXPECT_TRUE(Gather(wanted, {{20}, {{0, 2}, {4, 3}}}).complete());
}

}  // namespace
}  // namespace simhost::telemetry
