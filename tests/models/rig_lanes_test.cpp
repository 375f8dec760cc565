/// The rig as lanes: packs, libraries and restored state change no bit of any lane; seeds and lanes do.
#include <gtest/gtest.h>

#include <deque>

#include <tests/models/lane_block.hpp>
#include <tests/models/rig_bench.hpp>

namespace robot_test_rig::test {
namespace {

using simhost::models_test::Block, simhost::models_test::Library, simhost::models_test::capacity,
    simhost::models_test::expect_same_bits;

constexpr std::uint32_t n = 13;
const sim_model& built_in() { return sim::detail::Tables<Rig>::model; }

/// Rates of their own, so that the lanes of a pack read at different ticks.
void give_lane_its_rates(Block& block, std::uint32_t at, std::uint32_t k) {
  block.find("force_hz")[at] = k % 4 == 0 ? 10 : 3.7 + k;
  block.find("motor_hz")[at] = k % 3 == 0 ? 5 : 100.0 / (k + 1);
  block.find("camera_hz")[at] = 1 + k % 5;
  block.set_seed_of(at, 1000 + k);
  block.set_lane(at, k / 2);
}
void inject(Block& block, std::uint32_t at, std::uint32_t k, int tick) {
  if (tick % 70 == 0 && k % 2 == 0) block.find("force_queue")[at] = 1 + 8 * 2;
  if (tick % 90 == 0 && k % 3 == 0) block.find("motor_queue")[at] = 3 + 8 * 6;
  if (tick == 110 && k % 5 == 0) block.find("camera_queue")[at] = 4 + 8 * 6 + 64 * 5;
}
void expect_equal_lanes(Block& a, std::uint32_t lane_a, Block& b, std::uint32_t lane_b, int tick) {
  ASSERT_NO_FATAL_FAILURE(expect_same_bits(a.states(), lane_a, b.states(), lane_b, tick));
  ASSERT_NO_FATAL_FAILURE(expect_same_bits(a.outputs(), lane_a, b.outputs(), lane_b, tick));
}

TEST(RigLanes, AreTheSameAloneAndInAPack) {
  Block packed(built_in(), n, 0.01);
  std::deque<Block> alone;
  for (std::uint32_t k = 0; k < n; ++k) {
    alone.emplace_back(built_in(), 1, 0.01);
    give_lane_its_rates(packed, k, k);
    give_lane_its_rates(alone[k], 0, k);
    alone[k].begin();
  }
  packed.begin();
  for (int tick = 0; tick < 1500; ++tick) {
    for (std::uint32_t k = 0; k < n; ++k) {
      inject(packed, k, k, tick);
      inject(alone[k], 0, k, tick);
      ASSERT_NO_FATAL_FAILURE(alone[k].tick());
    }
    ASSERT_NO_FATAL_FAILURE(packed.tick());
    for (std::uint32_t k = 0; k < n; ++k) ASSERT_NO_FATAL_FAILURE(expect_equal_lanes(packed, k, alone[k], 0, tick));
  }
}

TEST(RigLanes, AreTheSameOnEveryCpuLevel) {
  if (!__builtin_cpu_supports("avx2")) GTEST_SKIP() << "no AVX2 here";
  const Library plain(RIG_PLUGIN), v3(RIG_PLUGIN_V3);
  ASSERT_TRUE(plain.is_open() && v3.is_open());
  Block a(plain.model(), n, 0.01), b(v3.model(), n, 0.01);
  for (std::uint32_t k = 0; k < n; ++k) {
    give_lane_its_rates(a, k, k);
    give_lane_its_rates(b, k, k);
  }
  a.begin();
  b.begin();
  for (int tick = 0; tick < 1500; ++tick) {
    for (std::uint32_t k = 0; k < n; ++k) {
      inject(a, k, k, tick);
      inject(b, k, k, tick);
    }
    ASSERT_NO_FATAL_FAILURE(a.tick());
    ASSERT_NO_FATAL_FAILURE(b.tick());
    for (std::uint32_t k = 0; k < n; ++k) ASSERT_NO_FATAL_FAILURE(expect_equal_lanes(a, k, b, k, tick));
  }
}

TEST(RigLanes, DifferBySeedAndByPlace) {
  Block block(built_in(), 3, 0.01);
  block.set_seed(1);
  block.set_lane(1, 1);
  block.set_seed_of(2, 2);
  block.begin();
  int same = 0;
  for (int tick = 0; tick < 1000; ++tick) {
    block.tick();
    const double* force = block.find("force_n");
    same += force[0] == force[1] || force[0] == force[2];
  }
  EXPECT_LT(same, 20);  // two decimals meet by chance
}

// Aim: a checkpoint holds everything. Method: copy parameters, outputs, state and time into a new block, go on.
TEST(RigLanes, GoOnFromTheirStateAsIfNothingHadHappened) {
  Block whole(built_in(), n, 0.01);
  for (std::uint32_t k = 0; k < n; ++k) give_lane_its_rates(whole, k, k);
  whole.begin();
  Block rest(built_in(), n, 0.01);
  for (std::uint32_t k = 0; k < n; ++k) give_lane_its_rates(rest, k, k);
  for (int tick = 0; tick < 800; ++tick) {
    if (tick == 333) {
      const auto copy = [](std::vector<double*>& from, std::vector<double*>& to) {
        for (std::size_t v = 0; v < from.size(); ++v) std::memcpy(to[v], from[v], sizeof(double) * capacity);
      };
      copy(whole.states(), rest.states());
      copy(whole.outputs(), rest.outputs());
      rest.set_tick(333);
    }
    if (tick == 300)
      for (std::uint32_t k = 0; k < n; ++k) whole.find("force_queue")[k] = 6 + 8 * 1;
    ASSERT_NO_FATAL_FAILURE(whole.tick());
    if (tick < 333) continue;
    ASSERT_NO_FATAL_FAILURE(rest.tick());
    for (std::uint32_t k = 0; k < n; ++k) ASSERT_NO_FATAL_FAILURE(expect_equal_lanes(whole, k, rest, k, tick));
  }
}

TEST(RigLanes, OfferTheirCommands) {
  const auto* commands = static_cast<const sim_commands*>(built_in().get_extension(SIM_COMMANDS));
  ASSERT_EQ(commands->count, 5u);
  const char* names[] = {"spike", "overload", "overspeed", "low_light", "dropout"};
  for (std::uint32_t i = 0; i < 5; ++i) EXPECT_STREQ(commands->commands[i].name, names[i]);
  Block block(built_in(), 2, 0.01);
  block.begin();
  const sim_lanes view = block.lanes();
  const sim_step step{sizeof(sim_step), 0, 10'000'000, 0.01, 0};
  const double camera = 2;
  double waiting = 0;
  ASSERT_EQ(commands->commands[0].run(nullptr, &step, &view, 1, &camera, &waiting), SIM_OK);
  EXPECT_EQ(waiting, 1);
  EXPECT_EQ(block.find("camera_queue")[1], 5);
  EXPECT_EQ(block.find("camera_queue")[0], 0);
}

}  // namespace
}  // namespace robot_test_rig::test
