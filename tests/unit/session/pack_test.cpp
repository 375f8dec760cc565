// A checkpoint to bytes and back, and bytes that are none.
#include <host/session/pack.hpp>

#include <gtest/gtest.h>

#include <cstring>
#include <limits>

namespace simhost::session {
namespace {

Checkpoint sample() {
  Checkpoint checkpoint;
  checkpoint.lanes.columns = {{3, SIM_OUTPUT, 0}, {5, SIM_PARAMETER, 0}, {7, SIM_STATE, 0}};
  checkpoint.lanes.spans = {{0, 2}, {2, 1}, {3, 2}};
  checkpoint.lanes.values = {1.5, -0.0, 7.6, 0.1, std::numeric_limits<double>::denorm_min()};
  checkpoint.lanes.count = 2;
  checkpoint.lanes.seed = 42;
  checkpoint.lanes.dt_ns = 1'000'000;
  checkpoint.lanes.tick = checkpoint.tick = 1234;
  checkpoint.pending.push_back({2000, {{{3, {0.1}}, {7, {1, 2}}}, {0, 1}}});
  return checkpoint;
}

TEST(Pack, KeepsEveryBit) {
  const Checkpoint given = sample();
  const auto back = unpack(pack(given)).value();
  EXPECT_EQ(0, std::memcmp(back.lanes.values.data(), given.lanes.values.data(), 5 * sizeof(double)));
  ASSERT_EQ(back.lanes.columns.size(), 3U);
  EXPECT_EQ(back.lanes.columns[2].id, 7U);
  EXPECT_EQ(back.lanes.spans[2].first, 3U);
  EXPECT_EQ(back.lanes.columns[2].causality, static_cast<std::uint32_t>(SIM_STATE));
  EXPECT_EQ(back.tick, 1234U);
  EXPECT_EQ(back.lanes.seed, 42U);
  EXPECT_EQ(back.lanes.dt_ns, 1'000'000);
  ASSERT_EQ(back.pending.size(), 1U);
  EXPECT_EQ(back.pending[0].first, 2000U);
  EXPECT_EQ(back.pending[0].second.items[0].values, std::vector<double>{0.1});
  EXPECT_EQ(back.pending[0].second.lanes, (std::vector<std::uint32_t>{0, 1}));
  EXPECT_EQ(pack(back), pack(given));
}

TEST(Pack, RefusesEveryCutAndEveryFlippedBit) {
  const std::string bytes = pack(sample());
  for (std::size_t size = 0; size < bytes.size(); ++size)
    ASSERT_EQ(unpack(bytes.substr(0, size)).error().code, "checkpoint_damaged") << size;
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    std::string flipped = bytes;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
    ASSERT_EQ(unpack(flipped).error().code, "checkpoint_damaged") << bit;
  }
}

}  // namespace
}  // namespace simhost::session
