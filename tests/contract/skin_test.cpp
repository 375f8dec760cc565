/// The C++ skin seen from the host's side of the ABI: commands, descriptors, hooks, CPU levels.
#include <tests/contract/probes.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace contract {
namespace {

using testing::ElementsAre;

TEST(Skin, ChangesNeitherInputsNorParameters) {
  Block block(baseline().model("probe_motor"), 9);
  for (std::uint32_t k = 0; k < 9; ++k) vary_motor(block, k, k);
  std::vector<double> before, after;
  const auto read = [&](std::vector<double>& to) {
    for (const char* name : {"voltage_v", "load_nm", "mode", "brake", "resistance_ohm", "noise_v"}) {
      for (std::uint32_t k = 0; k < block.capacity(); ++k) to.push_back(block.at(name, k));
    }
  };
  read(before);
  block.reset();
  block.prepare();
  block.step();
  read(after);
  EXPECT_EQ(before, after);
}

TEST(Skin, RefusesCallsWithoutTables) {
  const sim_model& model = baseline().model("probe_motor");
  Block block(model, 4);
  EXPECT_EQ(model.step(nullptr, nullptr, &block.lanes_), SIM_INVALID_ARG);
  EXPECT_EQ(model.step(nullptr, &block.step_, nullptr), SIM_INVALID_ARG);
  sim_lanes shorter = block.lanes_;
  shorter.size = 16;
  EXPECT_EQ(model.prepare(nullptr, &block.step_, &shorter), SIM_INVALID_ARG);
  Block none(model, 0);
  EXPECT_EQ(none.step(), SIM_OK);
}

TEST(Skin, RunsACommandOnOneLane) {
  Block block(baseline().model("probe_motor"), 6);
  block.prepare();
  block.at("speed_rad_s", 4) = 5;
  block.at("current_a", 4) = 2;
  const auto neighbour = block.results(3);
  const double args[] = {3, 20};  // in the order of the table: times, speed
  double results[] = {-1};
  EXPECT_EQ(block.command("spin", 4, args, results), SIM_OK);
  EXPECT_EQ(results[0], 5);
  EXPECT_EQ(block.at("speed_rad_s", 4), 65);
  EXPECT_EQ(block.at("torque_nm", 4), 0.05 * 2);
  EXPECT_EQ(bits(block.results(3)), bits(neighbour));
}

TEST(Skin, KeepsALaneWhenACommandRefusesOrSpoilsIt) {
  Block block(baseline().model("probe_motor"), 6);
  block.prepare();
  const auto before = block.results(2);
  const double args[] = {0, 20};
  double results[] = {-1};
  EXPECT_EQ(block.command("spin", 2, args, results), SIM_DISCARD);
  EXPECT_EQ(results[0], -1);
  EXPECT_EQ(block.command("spoil", 2, nullptr, nullptr), SIM_ERROR);
  EXPECT_EQ(bits(block.results(2)), bits(before));
  EXPECT_EQ(block.command("spin", 6, args, results), SIM_INVALID_ARG);
}

TEST(Skin, GivesACommandTheTimeAndPlaceOfItsLane) {
  Block block(baseline().model("probe_motor"), 3);
  block.prepare();
  block.step();
  block.step();
  EXPECT_EQ(block.command("where", 2, nullptr, nullptr), SIM_OK);
  EXPECT_EQ(block.at("temperature_c", 2), 0.002 + 2);
}

TEST(Skin, DescribesItsModelsForTheHost) {
  const sim_model_desc& desc = *baseline().model("probe_motor").desc;
  EXPECT_STREQ(desc.version, "1.2.3");
  EXPECT_EQ(desc.schema_version, 2u);
  EXPECT_EQ(desc.n_work, 3u);
  EXPECT_EQ(desc.flags, std::uint32_t{SIM_MODEL_FLAT | SIM_MODEL_DETERMINISTIC | SIM_MODEL_CHECKED});
  EXPECT_EQ(desc.step_min_ns, 10'000);
  std::vector<std::string> ids;
  for (std::uint32_t v = 0; v < desc.n_vars; ++v) ids.push_back(std::to_string(desc.vars[v].id));
  EXPECT_THAT(ids,
              ElementsAre("7", "8", "9", "10", "11", "12", "1", "3", "2", "18", "4", "5", "6", "13", "14", "15", "16"));
  const auto find = [&](std::string_view name) -> const sim_var& {
    for (std::uint32_t v = 0; v < desc.n_vars; ++v) {
      if (desc.vars[v].name == name) return desc.vars[v];
    }
    throw std::runtime_error("no variable");
  };
  EXPECT_EQ(find("mode").type, std::uint32_t{SIM_ENUM});
  EXPECT_EQ(find("mode").n_enum, 4u);
  EXPECT_STREQ(find("mode").enum_names[3], "not_a_number");
  EXPECT_EQ(find("mode").variability, std::uint32_t{SIM_DISCRETE});
  EXPECT_EQ(find("mode").unit, SIM_NO_UNIT);
  EXPECT_EQ(find("brake").type, std::uint32_t{SIM_BOOLEAN});
  EXPECT_EQ(find("noise_v").variability, std::uint32_t{SIM_FIXED});
  EXPECT_EQ(find("temperature_limit_c").variability, std::uint32_t{SIM_CONSTANT});
  const sim_var& speed = find("speed_rad_s");
  EXPECT_EQ(speed.causality, std::uint32_t{SIM_STATE});
  EXPECT_EQ(speed.nominal, 300);
  EXPECT_STREQ(desc.units[speed.unit].name, "rad/s");
  EXPECT_STREQ(desc.units[speed.display_unit].name, "rpm");
  EXPECT_NEAR(desc.units[speed.display_unit].factor, M_PI / 30, 1e-16);
  EXPECT_THAT(desc.units[speed.unit].exponents, ElementsAre(0, 0, -1, 0, 0, 0, 0, 1));
}

TEST(Skin, DescribesItsCommands) {
  const sim_model& model = baseline().model("probe_motor");
  const auto& commands = *static_cast<const sim_commands*>(model.get_extension(SIM_COMMANDS));
  ASSERT_EQ(commands.count, 3u);
  EXPECT_STREQ(commands.commands[0].title, "Spin the shaft");
  EXPECT_EQ(commands.commands[0].flags, std::uint32_t{SIM_COMMAND_HAZARDOUS});
  EXPECT_EQ(commands.commands[0].states, std::uint32_t{SIM_STATE_RUNNING});
  ASSERT_EQ(commands.commands[0].n_args, 2u);
  EXPECT_STREQ(commands.commands[0].args[0].name, "times");
  EXPECT_EQ(commands.commands[0].args[0].type, std::uint32_t{SIM_INTEGER});
  EXPECT_STREQ(model.desc->units[commands.commands[0].args[1].unit].name, "rpm");
  EXPECT_EQ(commands.commands[1].n_args, 0u);
  EXPECT_EQ(model.get_extension("sim.commands/10"), nullptr);
  EXPECT_EQ(model.get_extension(nullptr), nullptr);
  EXPECT_EQ(baseline().model("probe_plain").get_extension(SIM_COMMANDS), nullptr);
  EXPECT_EQ(baseline().model("probe_plain").prepare, nullptr);
  EXPECT_EQ(baseline().model("probe_plain").reset, nullptr);
}

TEST(Template, InCFollowsItsEquationExactly) {
  const Library library(SIM_EXAMPLES "/template_c.so");
  Block block(library.model("template_c"), 3, 0.1);
  for (std::uint32_t k = 0; k < 3; ++k) block.at("input_k", k) = 10.0 * k;
  block.active[1] = 0;
  block.prepare();
  for (int t = 0; t < 20; ++t) ASSERT_EQ(block.step(), SIM_OK);
  EXPECT_NEAR(block.at("lagged_k", 2), 20 * (1 - std::exp(-2.0)), 1e-12);
  EXPECT_EQ(block.at("lagged_k", 1), 0);
}

TEST(Template, InCppDischargesByTheCurrentDrawn) {
  const Library library(SIM_EXAMPLES "/template_cpp.so");
  Block block(library.model("template_cpp"), 5, 1);
  for (std::uint32_t k = 0; k < 5; ++k) block.at("current_a", k) = 25;
  block.prepare();
  for (int t = 0; t < 3600; ++t) ASSERT_EQ(block.step(), SIM_OK);
  EXPECT_NEAR(block.at("charge", 4), 0.5, 1e-9);
  EXPECT_NEAR(block.at("voltage_v", 4), 3 + 0.5 * (1.2 - 0.2) - 2e-3 * 25, 1e-9);
}

sim_host host_named(const char* name) {
  return {sizeof(sim_host), SIM_ABI_MINOR, name, "0", nullptr, [](const sim_host*, const char*) -> const void* {
            return nullptr;
          }};
}

TEST(Skin, TurnsExceptionsOfHooksIntoErrors) {
  const sim_entry& entry = baseline().entry();
  sim_error error{};
  error.size = sizeof error;
  const sim_host throwing = host_named("throw"), refusing = host_named("refuse"), fine = host_named("fine");
  EXPECT_EQ(entry.init(&throwing, &error), SIM_ERROR);
  EXPECT_STREQ(error.message, "asked to throw");
  EXPECT_EQ(entry.init(&refusing, &error), SIM_ERROR);
  EXPECT_STREQ(error.code, "no_valve");
  EXPECT_EQ(entry.init(&refusing, nullptr), SIM_ERROR);
  EXPECT_EQ(entry.init(&fine, &error), SIM_OK);
  EXPECT_EQ(entry.init(nullptr, &error), SIM_INVALID_ARG);
  entry.deinit();
}

TEST(Skin, KnowsItsFactoriesByTheirExactIds) {
  const sim_entry& entry = baseline().entry();
  EXPECT_NE(entry.get_factory("sim.model/1"), nullptr);
  EXPECT_EQ(entry.get_factory("sim.model/1x"), nullptr);
  EXPECT_EQ(entry.get_factory("sim.routes/1"), nullptr);
  EXPECT_EQ(entry.get_factory(nullptr), nullptr);
  const auto* settings = static_cast<const sim_settings*>(entry.get_factory("sim.config/1"));
  ASSERT_NE(settings, nullptr);
  EXPECT_STREQ(settings->settings[0].key, "port");
}

class CpuLevels : public testing::Test {
 protected:
  void SetUp() override {
#if defined(__x86_64__)
    if (__builtin_cpu_supports("x86-64-v3") == 0) GTEST_SKIP() << "this CPU has no AVX2";
    v3_ = std::make_unique<Library>(SIM_PROBE_V3);
    mode_ = __builtin_ia32_stmxcsr();
    __builtin_ia32_ldmxcsr(mode_ | 0x8040);  // flush to zero, as the host's step threads do
#else
    GTEST_SKIP() << "no x86-64";
#endif
  }
  void TearDown() override {
#if defined(__x86_64__)
    if (mode_ != 0) __builtin_ia32_ldmxcsr(mode_);
#endif
  }
  std::unique_ptr<Library> v3_;
  unsigned mode_ = 0;
};

TEST_F(CpuLevels, StepAMotorToTheSameBits) {
  Block a(baseline().model("probe_motor"), 37), b(v3_->model("probe_motor"), 37);
  for (Block* block : {&a, &b}) {
    for (std::uint32_t k = 0; k < 37; ++k) vary_motor(*block, k, k);
    block->reset();
    block->prepare();
    for (int t = 0; t < 2000; ++t) block->step();
  }
  for (std::uint32_t k = 0; k < 37; ++k) ASSERT_EQ(bits(a.results(k)), bits(b.results(k))) << "lane " << k;
}

TEST_F(CpuLevels, StepAPlainModelToTheSameBits) {
  Block a(baseline().model("probe_plain"), 99), b(v3_->model("probe_plain"), 99);
  for (Block* block : {&a, &b}) {
    for (std::uint32_t k = 0; k < 99; ++k) block->at("current_a", k) = 4.1 * k - 100;
    for (int t = 0; t < 1000; ++t) block->step();
  }
  for (std::uint32_t k = 0; k < 99; ++k) ASSERT_EQ(bits(a.results(k)), bits(b.results(k))) << "lane " << k;
}

TEST_F(CpuLevels, ComputeEveryFunctionToTheSameBits) {
  Block a(baseline().model("probe_functions"), 64), b(v3_->model("probe_functions"), 64);
  std::mt19937_64 random(3);
  std::uniform_real_distribution<double> small(-30, 30), exponent(-300, 300);
  for (int t = 0; t < 500; ++t) {
    for (std::uint32_t k = 0; k < 64; ++k) {
      const double x = t % 2 == 0 ? small(random) : std::pow(10.0, exponent(random)), y = small(random);
      for (Block* block : {&a, &b}) {
        block->at("x", k) = x;
        block->at("y", k) = y;
      }
    }
    a.step();
    b.step();
    for (std::uint32_t k = 0; k < 64; ++k) {
      ASSERT_EQ(a.status[k], SIM_OK);
      ASSERT_EQ(bits(a.results(k)), bits(b.results(k))) << "x " << a.at("x", k) << " y " << a.at("y", k);
    }
  }
}
}  // namespace
}  // namespace contract
