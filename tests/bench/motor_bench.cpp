// Motor lane-steps through the host's blocks and the built plugin, beside loops of the same arithmetic.
#include <benchmark/benchmark.h>
#include <dlfcn.h>

#include <sim/plugin.h>
#include <host/base/check.hpp>
#include <host/engine/engine.hpp>
#include <host/engine/float_mode.hpp>
#include <tests/bench/motor_loops.hpp>

namespace simhost::bench {
namespace {

using engine::Block;

// The plugin as the loader would choose it, opened without a host: its model asks nothing of one.
const sim_model& plugin_model() {
  static const sim_model* model = [] {
    const char* file = __builtin_cpu_supports("avx2") ? SIM_MOTOR_V3 : SIM_MOTOR;
    void* library = dlopen(file, RTLD_NOW | RTLD_LOCAL);
    SIM_CHECK(library != nullptr, "the motor plugin opens");
    const auto entry = reinterpret_cast<sim_entry_function>(dlsym(library, SIM_ENTRY_SYMBOL))();
    return static_cast<const sim_model_factory*>(entry->get_factory(SIM_MODEL_FACTORY))->models[0];
  }();
  return *model;
}

std::uint32_t column(const engine::StepModel& model, const char* name) {
  const auto& desc = *model.table.desc;
  for (std::uint32_t v = 0; v < desc.n_vars; ++v)
    if (std::string_view(desc.vars[v].name) == name)
      for (std::uint32_t c = 0; c < model.n_columns(); ++c)
        if (model.columns[c].id == desc.vars[v].id) return c;
  SIM_CHECK(false, "the motor has this variable");
  return 0;
}

struct Blocks {
  std::shared_ptr<const engine::StepModel> model =
      std::make_shared<engine::StepModel>(engine::make_step_model(plugin_model()));
  std::vector<std::unique_ptr<Block>> blocks;
  engine::Track owner;

  explicit Blocks(std::size_t lanes) {
    for (std::size_t first = 0; first < lanes; first += Block::lanes_max) {
      const auto n = static_cast<std::uint32_t>(std::min<std::size_t>(lanes - first, Block::lanes_max));
      auto& block = *blocks.emplace_back(std::make_unique<Block>(model, (n + 7) / 8 * 8, 1'000'000));
      for (std::uint32_t k = 0; k < n; ++k) {
        block.owner[k] = &owner;
        block.active[k] = block.marked[k] = -1;
        block.column(column(*model, "speed_setpoint_rpm"))[k] = 2000;
        block.column(column(*model, "load_torque_n_m"))[k] = 5;
      }
      block.recount();
      const auto& table = model->table;
      if (table.reset != nullptr) table.reset(nullptr, &block.step_info(), &block.marked_lanes());
      if (table.prepare != nullptr) table.prepare(nullptr, &block.step_info(), &block.marked_lanes());
    }
  }
  void tick() {
    for (auto& block : blocks) SIM_CHECK(block->step(), "every lane steps");
  }
  double speed_rpm() { return blocks.back()->column(column(*model, "speed_rpm"))[0]; }
};

void settle_and_check(double speed_rpm) {
  SIM_CHECK(speed_rpm > 1998 && speed_rpm < 2002, "the motor holds its speed");
}

void BM_MotorBlocks(benchmark::State& state) {
  const engine::FloatMode mode;
  Blocks blocks(static_cast<std::size_t>(state.range(0)));
  for (int i = 0; i < 300; ++i) blocks.tick();
  settle_and_check(blocks.speed_rpm());
  for (auto _ : state) blocks.tick();
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

template <std::unique_ptr<MotorLoop> (*make)(std::size_t, Integrator), Integrator integrator>
void BM_MotorLoop(benchmark::State& state) {
  const engine::FloatMode mode;
  auto loop = make(static_cast<std::size_t>(state.range(0)), integrator);
  for (int i = 0; i < 300; ++i) loop->tick();
  settle_and_check(loop->speed_rpm(0));
  for (auto _ : state) loop->tick();
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

void sizes(benchmark::internal::Benchmark* bench) {
  for (const int n : {1, 64, 1024, 65536}) bench->Arg(n);
}

BENCHMARK(BM_MotorLoop<scalar_loop, Integrator::exact>)->Name("BM_MotorScalarExact")->Apply(sizes);
BENCHMARK(BM_MotorLoop<scalar_loop, Integrator::rk4>)->Name("BM_MotorScalarRk4")->Apply(sizes);
BENCHMARK(BM_MotorBlocks)->Name("BM_MotorHostExact")->Apply(sizes);

const bool packs_registered = [] {
  if (!__builtin_cpu_supports("avx2")) return false;
  benchmark::RegisterBenchmark("BM_MotorPackExact", BM_MotorLoop<pack_loop, Integrator::exact>)->Apply(sizes);
  benchmark::RegisterBenchmark("BM_MotorPackRk4", BM_MotorLoop<pack_loop, Integrator::rk4>)->Apply(sizes);
  return true;
}();

}  // namespace
}  // namespace simhost::bench
