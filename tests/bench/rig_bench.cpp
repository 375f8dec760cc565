// The rig's questions to a day of readings, its CSV, and a thousand rigs at once, each beside a bare loop.
#include <benchmark/benchmark.h>

#include <cstdio>

#include <plugins/robot_test_rig/csv.hpp>
#include <plugins/robot_test_rig/rig.hpp>
#include <plugins/robot_test_rig/wire.hpp>
#include <tests/models/rig_bench.hpp>
#include <tests/unit/rig/days.hpp>

namespace robot_test_rig::test {
namespace {

constexpr std::int64_t start_ns = 1'700'000'000'000'000'000;

const Log& day() {
  static const Log log = make_log(day_s);
  return log;
}

// 864,000 readings into 1,440 bins of a minute.
void aggregate_24_h(benchmark::State& state) {
  const Pages& force = day()[Sensor::force];
  for (auto _ : state) {
    const auto found = bins(force, 0.05, 60);
    if (found.size() != 1440 || found[0].count != 600) state.SkipWithError("the bins are wrong");
    benchmark::DoNotOptimize(found.data());
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(force.size()));
}
BENCHMARK(aggregate_24_h)->Unit(benchmark::kMillisecond);

void aggregate_24_h_bare(benchmark::State& state) {
  std::vector<double> values;
  for (std::size_t i = 0; i < day()[Sensor::force].size(); ++i) values.push_back(day()[Sensor::force][i].value);
  for (auto _ : state) {
    double sum = 0, low = 1e9, high = -1e9;
    for (const double value : values) {
      sum += value;
      low = std::min(low, value);
      high = std::max(high, value);
    }
    benchmark::DoNotOptimize(sum + low + high);
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(values.size()));
}
BENCHMARK(aggregate_24_h_bare)->Unit(benchmark::kMillisecond);

void csv(benchmark::State& state) {
  const Log hour = make_log(3600);
  std::int64_t bytes = 0;
  for (auto _ : state) {
    CsvWriter writer(readings_of(hour), start_ns);
    std::string piece;
    do {
      piece.clear();
      writer.next(piece, 256 * 1024);
      bytes += static_cast<std::int64_t>(piece.size());
      benchmark::DoNotOptimize(piece.data());
    } while (!piece.empty());
  }
  if (bytes < state.iterations() * 57'600 * 60) state.SkipWithError("rows are missing");
  state.SetBytesProcessed(bytes);
}
BENCHMARK(csv)->Unit(benchmark::kMillisecond);

void csv_bare(benchmark::State& state) {
  const Log hour = make_log(3600);
  std::int64_t bytes = 0;
  for (auto _ : state) {
    for (const Sensor sensor : all_sensors) {
      for (std::size_t i = 0; i < hour[sensor].size(); ++i) {
        char row[256];
        const Sample& sample = hour[sensor][i];
        bytes += std::snprintf(row, sizeof row, "%.6f,%s,%.2f,%.26s,%.6f\r\n", 1.7e9 + sample.at_s, name_of(sensor),
                               sample.value, "2023-11-14T22:13:20.000000Z", sample.at_s);
        benchmark::DoNotOptimize(row);
      }
    }
  }
  state.SetBytesProcessed(bytes);
}
BENCHMARK(csv_bare)->Unit(benchmark::kMillisecond);

// A tick of all of them, as the host steps it: a block at a time, through the C table.
struct Rigs {
  static constexpr std::uint32_t lanes = 256, blocks = 4, columns = 32;
  std::vector<double> store = std::vector<double>(std::size_t{blocks} * columns * lanes);
  std::vector<std::uint64_t> ticks = std::vector<std::uint64_t>(lanes), seeds = std::vector<std::uint64_t>(lanes);
  std::vector<double> times = std::vector<double>(lanes);
  std::vector<std::uint32_t> places = std::vector<std::uint32_t>(lanes);
  std::vector<std::int64_t> active = std::vector<std::int64_t>(lanes, -1);
  std::vector<std::int32_t> status = std::vector<std::int32_t>(lanes);
  std::vector<double*> pointers[blocks][5];

  Rigs() {
    const auto& desc = *sim::detail::Tables<Rig>::model.desc;
    for (std::uint32_t b = 0; b < blocks; ++b) {
      for (std::uint32_t v = 0; v < desc.n_vars; ++v) {
        double* column = store.data() + (std::size_t{b} * columns + v) * lanes;
        std::fill_n(column, lanes, desc.vars[v].start);
        pointers[b][desc.vars[v].causality].push_back(column);
      }
    }
    for (std::uint32_t k = 0; k < lanes; ++k) seeds[k] = k;
  }
  void tick() {
    const sim_step step{sizeof(sim_step), 0, 10'000'000, 0.01, 0};
    for (auto& block : pointers) {
      const sim_lanes view{sizeof(sim_lanes),
                           lanes,
                           lanes,
                           0,
                           block[SIM_INPUT].data(),
                           block[SIM_OUTPUT].data(),
                           block[SIM_PARAMETER].data(),
                           block[SIM_STATE].data(),
                           nullptr,
                           ticks.data(),
                           times.data(),
                           seeds.data(),
                           places.data(),
                           active.data(),
                           status.data()};
      sim::detail::Tables<Rig>::model.step(nullptr, &step, &view);
    }
    for (auto& one : ticks) ++one;
  }
};

void thousand_rigs(benchmark::State& state) {
  Rigs rigs;
  for (auto _ : state) rigs.tick();
  state.SetItemsProcessed(state.iterations() * Rigs::lanes * Rigs::blocks);
  benchmark::DoNotOptimize(rigs.store.data());
}
BENCHMARK(thousand_rigs)->Unit(benchmark::kMicrosecond);

void thousand_rigs_bare(benchmark::State& state) {
  struct One {
    Param<double> p = at_start(parameters);
    State<double> x = at_start(states);
    Out<double> y = at_start(outputs);
  };
  std::vector<One> rigs(std::size_t{Rigs::lanes} * Rigs::blocks);
  std::uint64_t tick = 0;
  for (auto _ : state) {
    ++tick;
    for (std::size_t k = 0; k < rigs.size(); ++k)
      read_sensors(static_cast<double>(tick) * 0.01, rigs[k].p, sim::Random<double>(k, 0, tick), rigs[k].x, rigs[k].y);
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(rigs.size()));
  benchmark::DoNotOptimize(rigs.data());
}
BENCHMARK(thousand_rigs_bare)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace robot_test_rig::test
