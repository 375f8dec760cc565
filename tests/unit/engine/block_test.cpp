// Blocks: layout, slots, stepping and transfer.
#include <host/engine/block.hpp>

#include <cstdint>

#include <gtest/gtest.h>

#include <host/engine/track.hpp>
#include <host/engine/transfer.hpp>
#include <tests/support/counter_model.hpp>

namespace simhost::engine {
namespace {

using support::make_counter_model;

void occupy(Block& block, Track* owner, std::uint32_t first, std::uint32_t count) {
  for (auto k = first; k < first + count; ++k) {
    block.owner[k] = owner;
    block.active[k] = -1;
  }
  block.recount();
}

TEST(Block, AlignsEveryColumnAndKeepsThemOutOfOneCacheSet) {
  Block block(make_counter_model(), 256, 1'000'000);
  for (std::uint32_t c = 0; c < block.model().n_columns(); ++c)
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(block.column(c)) % 64, 0U);
  const auto stride =
      reinterpret_cast<std::uintptr_t>(block.column(1)) - reinterpret_cast<std::uintptr_t>(block.column(0));
  EXPECT_EQ(stride, 256 * 8 + 64U);
}

TEST(Block, TellsStepsWhetherAllLanesHaveTheSameParameters) {
  Block block(make_counter_model(), 8, 1'000'000);
  Track track;
  occupy(block, &track, 0, 3);
  const auto flags = [&] { return block.lanes().flags; };
  EXPECT_EQ(flags(), std::uint32_t{SIM_LANES_SAME_PARAMETERS});
  block.column(0)[1] = 5;                            // an input
  block.column(block.model().first_state())[1] = 5;  // a state
  EXPECT_EQ(flags(), std::uint32_t{SIM_LANES_SAME_PARAMETERS});
  double* const parameter = block.column(block.model().first_param());
  EXPECT_EQ(flags(), 0U) << "from now on it may be written";
  block.recount();
  EXPECT_EQ(flags(), std::uint32_t{SIM_LANES_SAME_PARAMETERS});
  for (std::uint32_t k = 0; k < 3; ++k) parameter[k] = 7;  // padding lanes do not count
  block.recount();
  EXPECT_EQ(flags(), std::uint32_t{SIM_LANES_SAME_PARAMETERS});
  parameter[2] = 8;
  block.recount();
  EXPECT_EQ(flags(), 0U);
  EXPECT_EQ(block.marked_lanes().flags, 0U) << "each lane's work is its own to fill";
}

TEST(Block, StepsActiveLanesOnly) {
  Block block(make_counter_model(), 8, 500'000'000);
  Track track;
  occupy(block, &track, 0, 3);
  block.active[1] = 0;
  block.recount();
  for (std::uint32_t k = 0; k < 8; ++k) block.work(0)[k] = 2;
  EXPECT_TRUE(block.step());
  const auto sum = block.model().first_out();
  EXPECT_EQ(block.column(sum)[0], 0.5);
  EXPECT_EQ(block.column(sum)[1], 0);
  EXPECT_EQ(block.column(sum)[2], 0.5);
  EXPECT_EQ(block.tick[0], 1U);
  EXPECT_EQ(block.tick[1], 0U);
  EXPECT_EQ(block.time_s[2], 0.5);
}

TEST(Block, RestoresALaneThatIsNoLongerFinite) {
  Block block(make_counter_model(), 8, 1'000'000'000);
  Track track;
  occupy(block, &track, 0, 2);
  for (std::uint32_t k = 0; k < 8; ++k) block.work(0)[k] = 2;
  block.step();
  block.column(1)[1] = 3;  // fault: NaN
  EXPECT_FALSE(block.step());
  EXPECT_EQ(block.status[0], SIM_OK);
  EXPECT_EQ(block.status[1], SIM_ERROR);
  EXPECT_EQ(block.column(block.model().first_state())[0], 2);
  EXPECT_EQ(block.column(block.model().first_state())[1], 1);
}

TEST(Block, HandsOutNeighbouringSlotsAndTakesThemBack) {
  Block block(make_counter_model(), 8, 1'000'000);
  EXPECT_EQ(block.take(3), 0);
  EXPECT_EQ(block.take(4), 3);
  EXPECT_EQ(block.take(2), -1);
  block.give_back(0, 3);
  EXPECT_EQ(block.take(3), 0);
  EXPECT_EQ(block.taken(), 7U);
}

TEST(Transfer, CarriesValuesByVariableIdAndWorkWithinAGenerationOnly) {
  const auto model = make_counter_model();
  Block from(model, 8, 1'000'000), same(model, 8, 1'000'000), other(make_counter_model(), 8, 1'000'000);
  from.column(0)[2] = 7;
  from.work(0)[2] = 5;
  from.tick[2] = 41;
  transfer(from, 2, same, 0, 1, map_by_id(from.model(), same.model()));
  transfer(from, 2, other, 4, 1, map_by_id(from.model(), other.model()));
  EXPECT_EQ(same.column(0)[0], 7);
  EXPECT_EQ(same.work(0)[0], 5);
  EXPECT_EQ(other.column(0)[4], 7);
  EXPECT_EQ(other.work(0)[4], 0);
  EXPECT_EQ(other.tick[4], 41U);
}

}  // namespace
}  // namespace simhost::engine
