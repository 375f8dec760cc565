/// The rig as lanes: packs, libraries and restored state change no bit of any lane; seeds and lanes do.
#include <gtest/gtest.h>

#include <tests/models/crowd.hpp>
#include <tests/models/rig_bench.hpp>

namespace robot_test_rig::test {
namespace {

using namespace simhost::models_test;

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

constexpr Crowd crowd{13, 0.01, 1500, give_lane_its_rates, inject};

TEST(RigLanes, AreTheSameAloneAndInAPack) { expect_same_alone_and_in_a_pack(built_in(), crowd); }

TEST(RigLanes, AreTheSameOnEveryCpuLevel) { expect_same_on_every_cpu_level(RIG_PLUGIN, RIG_PLUGIN_V3, crowd); }

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

TEST(RigLanes, GoOnFromTheirStateAsIfNothingHadHappened) {
  expect_same_after_a_restore(built_in(), crowd, 333, Needs::state_and_outputs);
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
