/// Batteries as lanes: packs, libraries, restored state and padding change no bit of any lane.
#include <gtest/gtest.h>

#include <tests/models/battery_bench.hpp>
#include <tests/models/crowd.hpp>

namespace battery_sensor::test {
namespace {

using namespace simhost::models_test;

const sim_model& built_in() { return sim::detail::Tables<Battery>::model; }

/// Lane k of a mixed fleet: all profiles, scenarios, ages and charges.
void furnish(Block& block, std::uint32_t at, std::uint32_t k) {
  const auto set = [&](const char* name, double value) { block.find(name)[at] = value; };
  set("profile", k % 3);
  set("initial_soh_pct", 100 - 7.0 * k);
  set("initial_soc_pct", 100 - 6.5 * k);
  set("scenario", k % 7);
  set("time_scale", k % 2 ? 1e4 : 1);
  set("tolerance", k % 4 == 1);
  set("failures", k % 5 == 2);
  set("failures_per_year", 900);
  set("noise", k % 6 != 3);
  block.set_lane(at, k);
  block.set_seed_of(at, 42);
}
void change(Block& block, std::uint32_t at, std::uint32_t k, int tick) {
  if (tick % 50 == 25) block.find("scenario")[at] = (k + static_cast<std::uint32_t>(tick) / 25) % 7;
  if (tick == 120) block.find("mains")[at] = k % 2;
  if (tick == 130) block.find("load_demand_a")[at] = 15.0 * k;
  if (tick == 150) block.find("charger")[at] = k % 4;
}

constexpr Crowd crowd{13, 1.0, 300, furnish, change};

TEST(BatteryLanes, AreTheSameAloneAndInAPack) {
  for (const double dt_s : {1.0, 0.1, 60.0}) {
    Crowd with_step = crowd;
    with_step.dt_s = dt_s;
    ASSERT_NO_FATAL_FAILURE(expect_same_alone_and_in_a_pack(built_in(), with_step));
  }
}

TEST(BatteryLanes, AreTheSameOnEveryCpuLevel) {
  expect_same_on_every_cpu_level(BATTERY_PLUGIN, BATTERY_PLUGIN_V3, crowd);
}

TEST(BatteryLanes, GoOnFromTheirStateAsIfNothingHadHappened) {
  expect_same_after_a_restore(built_in(), crowd, 140, Needs::state);
}

// Aim: nothing the descriptor allows ends in a number that is none. Method: parameters and inputs drawn over their
// whole ranges, evenly or by orders of magnitude; the skin reports lanes that are not finite.
TEST(BatteryLanes, StayFiniteForAnythingTheirRangesAllow) {
  std::uint64_t seed = 1;
  const auto draw = [&seed] {
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return static_cast<double>(seed >> 11) * 0x1p-53;
  };
  const auto value_of = [&draw](const sim_var& var) {
    const double share = draw();
    if (var.type != SIM_REAL) return std::floor(var.min + share * (var.max - var.min + 1) * (1 - 1e-12));
    if (var.min > 0 && draw() < 0.7) return var.min * std::pow(var.max / var.min, share);
    if (draw() < 0.2) return draw() < 0.5 ? var.min : var.max;
    return var.min + share * (var.max - var.min);
  };
  for (int round = 0; round < 300; ++round) {
    const double steps_s[] = {0.1, 1, 7, 60};
    Block block(built_in(), capacity, steps_s[round % 4]);
    for (int tick = 0; tick < 60; ++tick) {
      for (std::uint32_t v = 0; v < built_in().desc->n_vars; ++v) {
        const sim_var& var = built_in().desc->vars[v];
        const bool is_parameter = var.causality == SIM_PARAMETER && tick == 0;
        if (!is_parameter && (var.causality != SIM_INPUT || tick % 20 != 0)) continue;
        for (std::uint32_t k = 0; k < capacity; ++k) block.find(var.name)[k] = value_of(var);
      }
      if (tick == 0) block.begin();
      ASSERT_NO_FATAL_FAILURE(block.tick()) << "round " << round << ", tick " << tick;
    }
  }
}

}  // namespace
}  // namespace battery_sensor::test
