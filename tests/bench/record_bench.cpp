// Recording: samples into Parquet per core, with a bare Arrow write of the same numbers beside it, and what a session
// of 1 kHz costs. Bytes per second are those of raw samples, 8 each.
#include <cmath>
#include <filesystem>
#include <stdexcept>

#include <arrow/array.h>
#include <arrow/io/file.h>
#include <arrow/memory_pool.h>
#include <arrow/table.h>
#include <benchmark/benchmark.h>
#include <parquet/arrow/writer.h>
#include <unistd.h>

#include <host/record/journal.hpp>
#include <host/record/reader.hpp>

namespace simhost::record {
namespace {

namespace fs = std::filesystem;
constexpr std::size_t columns = 24, ticks = 131'072;

class Folder {
 public:
  Folder() : path_(fs::temp_directory_path() / ("simhost-bench-" + std::to_string(getpid()))) {
    fs::create_directories(path_);
  }
  ~Folder() { fs::remove_all(path_); }
  fs::path operator/(const char* name) const { return path_ / name; }

 private:
  fs::path path_;
};

About about_of(std::size_t lanes) {
  About about;
  about.id = about.session = about.model = "bench";
  for (std::uint32_t c = 0; c < columns; ++c) about.columns.push_back({c, SIM_REAL, "v" + std::to_string(c), "", {}});
  for (std::uint32_t lane = 0; lane < lanes; ++lane) about.lanes.push_back(lane);
  about.step_ns = 1'000'000;
  return about;
}

// Like a motor: slow curves, one faster, a little noise.
double sample(std::size_t tick, std::size_t column) {
  const auto t = static_cast<double>(tick) * 1e-3;
  const auto c = static_cast<double>(column + 1);
  return 100 * c * (1 - std::exp(-t / c)) + std::sin(t * 10 * c) +
         1e-3 * static_cast<double>((tick * 2654435761U) % 997);
}

Batch batch_of(std::size_t first, std::size_t count) {
  Batch batch;
  for (std::size_t t = first; t < first + count; ++t) {
    batch.ticks.push_back(static_cast<std::int64_t>(t));
    batch.times_s.push_back(static_cast<double>(t) * 1e-3);
    for (std::size_t c = 0; c < columns; ++c) batch.values.push_back(sample(t, c));
  }
  return batch;
}

Rows rows_of(const Batch& batch) {
  Rows rows;
  rows.clear(columns);
  rows.tick = batch.ticks;
  rows.time_s = batch.times_s;
  rows.lane.assign(batch.ticks.size(), 0);
  for (std::size_t t = 0; t < batch.ticks.size(); ++t)
    for (std::size_t c = 0; c < columns; ++c) rows.values[c].push_back(batch.values[t * columns + c]);
  return rows;
}

void must(const Outcome& outcome) {
  if (!outcome) throw std::runtime_error(outcome.error().detail);
}

// Every number of the file is the one that was written.
void check(const fs::path& path, const About& about, const Rows& written) {
  const auto reader = Reader::open(about, {path}).value();
  if (reader->rows() != written.size()) throw std::runtime_error("rows are missing");
  for (std::uint64_t row = 0; row < reader->rows();) {
    const auto rows = reader->read(row, written.size()).value();
    for (std::size_t i = 0; i < rows.size(); ++i, ++row)
      for (std::size_t c = 0; c < columns; ++c)
        if (rows.values[c][i] != written.values[c][row]) throw std::runtime_error("a value is another");
  }
}

void count_bytes(benchmark::State& state, std::size_t rows) {
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(rows * columns * 8));
}

void bare_arrow(benchmark::State& state) {
  const Folder folder;
  const auto rows = rows_of(batch_of(0, ticks));
  arrow::FieldVector fields;
  arrow::ArrayVector arrays;
  for (std::size_t c = 0; c < columns; ++c) {
    fields.push_back(arrow::field("v" + std::to_string(c), arrow::float64(), false));
    arrays.push_back(std::make_shared<arrow::DoubleArray>(ticks, arrow::Buffer::Wrap(rows.values[c])));
  }
  const auto table = arrow::Table::Make(arrow::schema(fields), arrays);
  parquet::WriterProperties::Builder builder;
  builder.compression(parquet::Compression::ZSTD)->compression_level(1)->disable_dictionary();
  for (const auto& field : fields) builder.encoding(field->name(), parquet::Encoding::BYTE_STREAM_SPLIT);
  for (auto _ : state) {
    auto file = arrow::io::FileOutputStream::Open((folder / "bare.parquet").string()).ValueOrDie();
    if (!parquet::arrow::WriteTable(*table, arrow::default_memory_pool(), file, ticks, builder.build()).ok())
      throw std::runtime_error("not written");
  }
  count_bytes(state, ticks);
}
BENCHMARK(bare_arrow)->Name("record/bare_arrow_write")->Unit(benchmark::kMillisecond);

void parquet_part(benchmark::State& state) {
  const Folder folder;
  const auto about = about_of(1);
  const auto rows = rows_of(batch_of(0, ticks));
  const auto write = [&] {
    auto writer = create_part(folder / "part.parquet", about).value();
    must(writer->write(rows));
    must(writer->finish());
  };
  write();
  check(folder / "part.parquet", about, rows);
  for (auto _ : state) write();
  count_bytes(state, ticks);
}
BENCHMARK(parquet_part)->Name("record/parquet_part")->Unit(benchmark::kMillisecond);

void journal_append(benchmark::State& state) {
  const Folder folder;
  const auto batch = batch_of(0, 4096);
  for (auto _ : state) {
    auto journal = Journal::create(folder / "0.journal", about_of(1)).value();
    for (int i = 0; i < 16; ++i) must(journal.append(batch));
  }
  count_bytes(state, std::size_t{16} * 4096);
}
BENCHMARK(journal_append)->Name("record/journal_append")->Unit(benchmark::kMillisecond);

// All of the way but the fsync of each second: batches as the pump makes them, a journal, its conversion.
void whole_way(benchmark::State& state) {
  const Folder folder;
  const auto about = about_of(1);
  std::vector<Batch> batches;
  for (std::size_t t = 0; t < ticks; t += 4096) batches.push_back(batch_of(t, 4096));
  const auto record = [&] {
    auto journal = Journal::create(folder / "0.journal", about).value();
    for (const auto& batch : batches) must(journal.append(batch));
    must(convert({folder / "0.journal"}, folder / "0.parquet", about, {}));
  };
  record();
  check(folder / "0.parquet", about, rows_of(batch_of(0, ticks)));
  for (auto _ : state) record();
  count_bytes(state, ticks);
}
BENCHMARK(whole_way)->Name("record/samples_to_parquet")->Unit(benchmark::kMillisecond);

// A minute of a session of 1 kHz in batches of 100 ms, as the recorder has it; the share of a core is its time per 60
// s.
void one_khz(benchmark::State& state) {
  const Folder folder;
  const auto about = about_of(1);
  std::vector<Batch> batches;
  for (std::size_t t = 0; t < 60'000; t += 100) batches.push_back(batch_of(t, 100));
  for (auto _ : state) {
    auto journal = Journal::create(folder / "0.journal", about).value();
    for (std::size_t i = 0; i < batches.size(); ++i) {
      must(journal.append(batches[i]));
      if (i % 10 == 9) must(journal.sync());
    }
    must(convert({folder / "0.journal"}, folder / "0.parquet", about, {}));
  }
  count_bytes(state, 60'000);
  state.counters["core_percent"] =
      benchmark::Counter(60.0 / 100, benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}
BENCHMARK(one_khz)->Name("record/minute_of_1_khz")->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace simhost::record
