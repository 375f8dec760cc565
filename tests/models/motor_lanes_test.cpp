/// The motor as lanes: packs, libraries, restored state and padding change no bit of any lane.
#include <gtest/gtest.h>

#include <tests/models/crowd.hpp>
#include <tests/models/motor_bench.hpp>

namespace bldc_motor::test {
namespace {

using namespace simhost::models_test;

const sim_model& built_in() { return sim::detail::Tables<Motor>::model; }

/// Lane k of a mixed crowd: all modes, loads through standstill, weakening, heat, stops.
void give_lane_its_orders(Block& block, std::uint32_t at, std::uint32_t k) {
  const auto set = [&](const char* name, double value) { block.find(name)[at] = value; };
  set("control_mode", k % 7);
  set("use_cascaded_control", k % 3 != 0);
  set("enable_pid", k % 5 != 2);
  set("manual_source", k % 3);
  set("load_torque_n_m", k % 4 == 3 ? -2.0 : 0.7 * k);
  set("target_current_a", 20.0 - 5.0 * k);
  set("target_torque_n_m", 0.5 * k);
  set("manual_voltage_v", 10.0 + 2.0 * k);
  set("manual_duty_cycle", 0.05 * k);
  set("resistance_ohm", 0.08 + 0.01 * k);
  set("inertia_kg_m2", k == 5 ? 1e-5 : 1e-3);
  set("field_weakening", k == 7);
  set("ambient_c", k == 9 ? 145.0 : 25.0);
}
void change_set_points(Block& block, std::uint32_t at, std::uint32_t k, int tick) {
  if (tick % 150 == 0) block.find("speed_setpoint_rpm")[at] = (tick / 150 % 2 ? -1.0 : 1.0) * (400.0 + 350.0 * k);
  if (tick == 350) block.find("control_mode")[at] = (k + 3) % 7;
  if (tick == 450 && k == 4) block.find("emergency_stopped")[at] = 1;
}

constexpr Crowd crowd{13, 1e-3, 700, give_lane_its_orders, change_set_points};

TEST(MotorLanes, AreTheSameAloneAndInAPack) {
  for (const double dt_s : {1e-3, 1e-4, 1e-2}) {
    Crowd with_step = crowd;
    with_step.dt_s = dt_s;
    ASSERT_NO_FATAL_FAILURE(expect_same_alone_and_in_a_pack(built_in(), with_step));
  }
}

TEST(MotorLanes, GoOnFromTheirStateAsIfNothingHadHappened) {
  expect_same_after_a_restore(built_in(), crowd, 420, Needs::state);
}

TEST(MotorLanes, AreLeftAloneWhereTheyAreNotActive) {
  Block block(built_in(), 8);
  for (std::uint32_t k = 0; k < 8; ++k) give_lane_its_orders(block, k, k);
  block.begin();
  for (int tick = 0; tick < 10; ++tick) block.tick();
  const double before = block.find("shaft_speed_rad_s")[5], other = block.find("shaft_speed_rad_s")[6];
  block.set_active(5, false);
  block.tick();
  EXPECT_EQ(block.find("shaft_speed_rad_s")[5], before);
  EXPECT_NE(block.find("shaft_speed_rad_s")[6], other);
}

TEST(MotorLanes, StartAtTheAmbientTemperature) {
  Block block(built_in(), 2);
  block.find("ambient_c")[1] = 40;
  block.begin();
  EXPECT_EQ(block.find("temperature_c")[0], 25);
  EXPECT_EQ(block.find("temperature_c")[1], 40);
  EXPECT_EQ(block.find("housing_node_c")[1], 40);
}

// Aim: nothing the descriptor allows ends in a number that is none. Method: parameters and inputs drawn over their
// whole ranges, evenly or by orders of magnitude; the skin reports lanes that are not finite.
TEST(MotorLanes, StayFiniteForAnythingTheirRangesAllow) {
  std::uint64_t seed = 1;
  const auto draw = [&seed] {
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return static_cast<double>(seed >> 11) * 0x1p-53;
  };
  const auto value_of = [&draw](const sim_var& var) {
    const double share = draw();
    if (var.type != SIM_REAL) return std::floor(var.min + share * (var.max - var.min + 1) * (1 - 1e-12));
    if (var.min > 0 && draw() < 0.7) return var.min * std::pow(var.max / var.min, share);
    return var.min + share * (var.max - var.min);
  };
  for (int round = 0; round < 300; ++round) {
    const double steps_s[] = {1e-4, 1e-3, 3.3e-3, 1e-2};
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

TEST(MotorLanes, AreStoppedAndReleasedByCommand) {
  Block block(built_in(), 3);
  block.begin();
  const auto* commands = static_cast<const sim_commands*>(built_in().get_extension(SIM_COMMANDS));
  ASSERT_EQ(commands->count, 2u);
  const auto run = [&](std::uint32_t which, std::uint32_t lane) {
    const sim_lanes view = block.lanes();
    const sim_step step{sizeof(sim_step), 0, 1'000'000, 1e-3, 0};
    return commands->commands[which].run(nullptr, &step, &view, lane, nullptr, nullptr);
  };
  EXPECT_STREQ(commands->commands[0].name, "emergency_stop");
  EXPECT_EQ(run(0, 1), SIM_OK);
  EXPECT_EQ(block.find("fault")[0], fault_none);
  EXPECT_EQ(block.find("fault")[1], fault_emergency_stop);
  for (std::uint32_t k = 0; k < 3; ++k) block.find("speed_setpoint_rpm")[k] = 1000;
  for (int tick = 0; tick < 50; ++tick) block.tick();
  EXPECT_EQ(block.find("speed_rpm")[1], 0);
  EXPECT_GT(block.find("speed_rpm")[2], 500);
  EXPECT_STREQ(commands->commands[1].name, "release_emergency_stop");
  EXPECT_EQ(run(1, 1), SIM_OK);
  for (int tick = 0; tick < 50; ++tick) block.tick();
  EXPECT_GT(block.find("speed_rpm")[1], 500);
}

TEST(MotorLanes, AreTheSameOnEveryCpuLevel) { expect_same_on_every_cpu_level(MOTOR_PLUGIN, MOTOR_PLUGIN_V3, crowd); }

}  // namespace
}  // namespace bldc_motor::test
