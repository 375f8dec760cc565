/// Lanes of the C++ skin: the same bits alone and in packs, with and without hints, and faults that stay in their lane.
#include <tests/contract/probes.hpp>

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace contract {
namespace {

TEST(Skin, StepsOneLaneToTheBitsOfManyLanes) {
  const sim_model& model = baseline().model("probe_motor");
  for (std::uint32_t n : {2u, 7u, 8u, 9u, 67u}) {
    Block many(model, n);
    for (std::uint32_t k = 0; k < n; ++k) vary_motor(many, k, k);
    ASSERT_EQ(many.reset(), SIM_OK);
    ASSERT_EQ(many.prepare(), SIM_OK);
    for (int t = 0; t < 50; ++t) ASSERT_EQ(many.step(), SIM_OK);
    for (std::uint32_t k = 0; k < n; ++k) {
      Block one(model, 1);
      vary_motor(one, 0, k);
      one.reset();
      one.prepare();
      for (int t = 0; t < 50; ++t) one.step();
      ASSERT_EQ(one.status[0], SIM_OK);
      ASSERT_EQ(bits(one.results(0)), bits(many.results(k))) << "lane " << k << " of " << n;
    }
  }
}

TEST(Skin, StepsToTheSameBitsWhenToldThatAllLanesHaveTheSameParameters) {
  const sim_model& model = baseline().model("probe_motor");
  Block plain(model, 21), told(model, 21);
  for (Block* block : {&plain, &told}) {
    for (std::uint32_t k = 0; k < 21; ++k) {
      vary_motor(*block, k, k);
      block->at("resistance_ohm", k) = 0.7;
    }
    ASSERT_EQ(block->reset(), SIM_OK);
    ASSERT_EQ(block->prepare(), SIM_OK);
  }
  told.lanes_.flags = SIM_LANES_SAME_PARAMETERS;
  for (int t = 0; t < 50; ++t) {
    ASSERT_EQ(plain.step(), SIM_OK);
    ASSERT_EQ(told.step(), SIM_OK);
  }
  for (std::uint32_t k = 0; k < 21; ++k) ASSERT_EQ(bits(told.results(k)), bits(plain.results(k))) << k;
  told.lanes_.flags = 0;
  told.at("resistance_ohm", 20) = 1.4;
  told.prepare();
  told.step();
  plain.step();
  EXPECT_NE(bits(told.results(20)), bits(plain.results(20)));
}

TEST(Skin, FailsOnlyLanesThatAreNotFiniteThoughTheirSumsOverflow) {
  Block block(baseline().model("probe_motor"), 8);
  ASSERT_EQ(block.reset(), SIM_OK);
  ASSERT_EQ(block.prepare(), SIM_OK);
  ASSERT_EQ(block.step(), SIM_OK);
  for (const char* name : {"temperature_c", "temperature_limit_c"}) block.at(name, 0) = 1.7e308;
  block.at("temperature_c", 2) = std::numeric_limits<double>::infinity();
  block.step();
  EXPECT_EQ(block.status[0], SIM_OK) << "large, and finite";
  EXPECT_EQ(block.status[1], SIM_OK);
  EXPECT_EQ(block.status[2], SIM_ERROR);
}

TEST(Skin, StepsAPlainModelToTheSameBitsInAnyNumberOfLanes) {
  const sim_model& model = baseline().model("probe_plain");
  Block many(model, 131);
  for (std::uint32_t k = 0; k < 131; ++k) many.at("current_a", k) = 3.7 * k - 80;
  for (int t = 0; t < 20; ++t) many.step();
  for (std::uint32_t k = 0; k < 131; ++k) {
    Block one(model, 1);
    one.at("current_a", 0) = 3.7 * k - 80;
    for (int t = 0; t < 20; ++t) one.step();
    ASSERT_EQ(one.status[0], many.status[k]);
    ASSERT_EQ(one.status[0], 3.7 * k - 80 > 400 ? SIM_DISCARD : SIM_OK);
    ASSERT_EQ(bits(one.results(0)), bits(many.results(k))) << "lane " << k;
  }
}

TEST(Skin, MovesAMotorAsItsEquationsSay) {
  Block block(baseline().model("probe_motor"), 5);
  for (std::uint32_t k = 0; k < 5; ++k) {
    block.at("noise_v", k) = 0;
    block.at("voltage_v", k) = 12;
  }
  block.prepare();
  for (int t = 0; t < 5000; ++t) block.step();
  // Steady state: V = R i + k w, k i = b w.
  const double speed = 12 * 0.05 / (0.05 * 0.05 + 0.5 * 1e-5);
  EXPECT_NEAR(block.at("speed_rad_s", 3), speed, 1e-6 * speed);
  EXPECT_NEAR(block.at("current_a", 3), 1e-5 * speed / 0.05, 1e-9);
}

TEST(Skin, LeavesInactiveAndPaddingLanesAsTheyAre) {
  for (const char* id : {"probe_motor", "probe_plain"}) {
    Block block(baseline().model(id), 13);
    for (std::uint32_t k = 0; k < 13; ++k) block.active[k] = k % 3 == 0 ? 0 : -1;
    std::vector<std::vector<double>> before;
    for (std::uint32_t k = 0; k < block.capacity(); ++k) {
      double* input = block.column(std::string_view(id) == "probe_motor" ? "voltage_v" : "current_a");
      input[k] = 10;
      before.push_back(block.results(k));
    }
    block.prepare();
    block.step();
    block.step();
    for (std::uint32_t k = 0; k < block.capacity(); ++k) {
      const bool stepped = k < 13 && k % 3 != 0;
      EXPECT_EQ(bits(block.results(k)) == bits(before[k]), !stepped) << id << " lane " << k;
    }
  }
}

TEST(Skin, KeepsInactiveLanesOutOfPrepareAndReset) {
  Block block(baseline().model("probe_motor"), 6);
  block.active[2] = 0;
  block.reset();
  block.prepare();
  EXPECT_EQ(block.work(0)[2], 0);
  EXPECT_EQ(block.work(0)[3], 1000);
  EXPECT_EQ(block.work(0)[7], 0);
  EXPECT_EQ(block.at("temperature_c", 2), 25);
  EXPECT_EQ(block.at("temperature_c", 3), 25.5);
}

TEST(Skin, DiscardsAndFailsLanesWithoutTouchingThemOrTheirNeighbours) {
  for (std::uint32_t n : {1u, 12u}) {
    for (const auto& [mode, status] : {std::pair{1.0, SIM_DISCARD}, {2.0, SIM_ERROR}, {3.0, SIM_ERROR}}) {
      Block block(baseline().model("probe_motor"), n), good(baseline().model("probe_motor"), n);
      for (Block* b : {&block, &good}) {
        for (std::uint32_t k = 0; k < n; ++k) vary_motor(*b, k, k);
        b->prepare();
        b->step();
      }
      const std::uint32_t bad = n == 1 ? 0 : 6;
      const auto before = block.results(bad);
      block.at("mode", bad) = mode;
      EXPECT_EQ(block.step(), SIM_OK);
      good.step();
      for (std::uint32_t k = 0; k < n; ++k) {
        EXPECT_EQ(block.status[k], k == bad ? status : SIM_OK) << "lane " << k << " mode " << mode;
        EXPECT_EQ(bits(block.results(k)), bits(k == bad ? before : good.results(k)))
            << "lane " << k << " mode " << mode;
      }
      block.at("mode", bad) = 0;
      block.step();
      EXPECT_EQ(block.status[bad], SIM_OK);
    }
  }
}

TEST(Skin, FailsALaneOfAPlainModelThatIsNoLongerFinite) {
  Block block(baseline().model("probe_plain"), 10);
  for (std::uint32_t k = 0; k < 10; ++k) block.at("current_a", k) = 1;
  block.at("capacity_ah", 4) = 0;
  const auto before = block.results(4);
  block.step();
  EXPECT_EQ(block.status[4], SIM_ERROR);
  EXPECT_EQ(block.status[5], SIM_OK);
  EXPECT_EQ(bits(block.results(4)), bits(before));
  EXPECT_LT(block.at("charge", 5), 1);
}

TEST(Skin, FailsALaneWhoseWorkIsNotFinite) {
  Block block(baseline().model("probe_motor"), 5);
  block.at("inductance_h", 3) = 0;
  EXPECT_EQ(block.prepare(), SIM_OK);
  EXPECT_EQ(block.status[3], SIM_ERROR);
  EXPECT_EQ(block.status[4], SIM_OK);
  EXPECT_EQ(block.work(0)[3], 0);
}

}  // namespace
}  // namespace contract
