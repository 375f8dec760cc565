// A hundred thousand batteries in one session: a telemetry tick through the host, memory, and both encodings.
#include <benchmark/benchmark.h>
#include <dlfcn.h>
#include <malloc.h>

#include <sim/plugin.h>
#include <host/base/check.hpp>
#include <host/telemetry/encoder.hpp>
#include <plugins/battery_sensor/signals.hpp>
#include <plugins/battery_sensor/stream.hpp>
#include <tests/bench/battery_loop.hpp>
#include <tests/support/session_rig.hpp>

namespace simhost::bench {
namespace {

constexpr std::uint32_t fleet = 100'000;

// The plugin as the loader would choose it, opened without a host: its model asks nothing of one.
session::ModelPointer battery_model() {
  static void* const library =
      dlopen(__builtin_cpu_supports("avx2") ? SIM_BATTERY_V3 : SIM_BATTERY, RTLD_NOW | RTLD_LOCAL);
  SIM_CHECK(library != nullptr, "the battery plugin opens");
  const auto entry = reinterpret_cast<sim_entry_function>(dlsym(library, SIM_ENTRY_SYMBOL))();
  const auto& table = *static_cast<const sim_model_factory*>(entry->get_factory(SIM_MODEL_FACTORY))->models[0];
  auto step = std::make_shared<engine::StepModel>(engine::make_step_model(table));
  step->generation = std::make_shared<int>(0);
  auto model = std::make_shared<session::Model>();
  model->plugin = "battery_sensor";
  model->generation = 1;
  model->step = step;
  model->descriptor = plugin::make_descriptor(plugin::read_model_tables(&table).value()).value();
  return model;
}

struct Fleet {
  session::Rig rig;
  session::SessionPointer session;

  explicit Fleet(std::string_view more) {
    rig.models.put(battery_model());
    session = rig.create(R"({"model":"battery_sensor","pace":{"mode":"manual"},"lanes":)" + std::to_string(fleet) +
                         std::string(more) + "}")
                  .value();
  }
  std::vector<double> read(std::vector<std::uint32_t> ids) { return rig.read(session, std::move(ids))->values; }
};

std::vector<std::uint32_t> output_ids() {
  std::vector<std::uint32_t> ids;
  for (const auto& output : battery_sensor::outputs.list) ids.push_back(output.id);
  return ids;
}

void BM_BatteryTick(benchmark::State& state, std::string_view more) {
  constexpr std::uint64_t ticks = 5;
  Fleet fleet_of(more);
  SIM_CHECK(fleet_of.rig.advance(fleet_of.session, 20).has_value(), "it moves");
  const double volts = fleet_of.read({battery_sensor::outputs.list[0].id})[fleet / 2];
  SIM_CHECK(volts > 10 && volts < 15, "the batteries are alive");
  for (auto _ : state) SIM_CHECK(fleet_of.rig.advance(fleet_of.session, ticks).has_value(), "it moves");
  state.counters["ms_per_tick"] = benchmark::Counter(static_cast<double>(state.iterations()) * ticks * 1e-3,
                                                     benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(ticks) * fleet);
}
BENCHMARK_CAPTURE(BM_BatteryTick, float, "")->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK_CAPTURE(BM_BatteryTick, float_without_noise, R"(,"parameters":{"noise":false})")
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();
BENCHMARK_CAPTURE(BM_BatteryTick, outage, R"(,"inputs":{"scenario":"power_outage"})")
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();

void BM_BatteryScalarLoop(benchmark::State& state) {
  const auto loop = battery_loop(fleet);
  loop->tick();
  SIM_CHECK(loop->voltage_v(7) > 13 && loop->voltage_v(7) < 14, "the batteries are alive");
  for (auto _ : state) loop->tick();
  state.SetItemsProcessed(state.iterations() * fleet);
}
BENCHMARK(BM_BatteryScalarLoop)->Unit(benchmark::kMillisecond);

std::size_t bytes_in_use() {
  const auto info = mallinfo2();
  return info.uordblks + info.hblkhd;
}

// What a session of a hundred thousand keeps, its initial values for a reset among it.
void BM_BatteryMemory(benchmark::State& state) {
  double bytes = 0;
  for (auto _ : state) {
    const std::size_t before = bytes_in_use();
    Fleet fleet_of(R"(,"parameters":{"initial_soh_pct":90})");
    SIM_CHECK(fleet_of.rig.advance(fleet_of.session, 1).has_value(), "it moves");
    bytes = static_cast<double>(bytes_in_use() - before) / fleet;
  }
  state.counters["bytes_per_battery"] = bytes;
}
BENCHMARK(BM_BatteryMemory)->Unit(benchmark::kMillisecond)->Iterations(1);

void BM_BatteryJson(benchmark::State& state) {
  Fleet fleet_of("");
  using O = battery_sensor::O;
  std::vector<std::uint32_t> ids;
  for (const auto member : {&O::voltage_v, &O::current_a, &O::temperature_c, &O::internal_resistance_mohm, &O::soh_pct,
                            &O::soc_pct, &O::mode})
    for (const auto& output : battery_sensor::outputs.list)
      if (output.member == member) ids.push_back(output.id);
  const auto values = fleet_of.read(ids);
  std::vector<const double*> columns;
  for (std::size_t v = 0; v < ids.size(); ++v) columns.push_back(values.data() + v * fleet);
  const sim_view view{sizeof(sim_view), fleet, static_cast<std::uint32_t>(ids.size()), 0, {nullptr, 0}, 0, 0, 0, 1,
                      columns.data()};
  std::vector<std::string> names;
  for (std::uint32_t lane = 0; lane < fleet; ++lane) names.push_back("BKK_DC1_SYS01_STR01_BAT" + std::to_string(lane));
  const battery_sensor::Roster roster(std::move(names), 5, 0);
  std::size_t bytes = 0;
  for (auto _ : state) bytes += battery_sensor::telemetry(sim::Frame(&view), roster).size();
  SIM_CHECK(bytes > 0, "there is a message");
  state.SetBytesProcessed(static_cast<std::int64_t>(bytes));
}
BENCHMARK(BM_BatteryJson)->Unit(benchmark::kMillisecond);

void BM_BatteryBinary(benchmark::State& state) {
  Fleet fleet_of("");
  const auto ids = output_ids();
  const auto values = fleet_of.read(ids);
  const auto schema = telemetry::make_schema(battery_model()->descriptor, ids, fleet, 1);
  const std::uint64_t tick = 1;
  const double time_s = 1;
  std::size_t bytes = 0;
  for (auto _ : state)
    bytes += telemetry::encode(schema, telemetry::Format::binary, telemetry::Mode::latest,
                               {{&tick, 1}, {&time_s, 1}, values})
                 .body.size();
  SIM_CHECK(bytes >= values.size() * sizeof(double), "every value is in it");
  state.SetBytesProcessed(static_cast<std::int64_t>(bytes));
}
BENCHMARK(BM_BatteryBinary)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace simhost::bench
