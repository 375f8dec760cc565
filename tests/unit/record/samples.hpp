// A small recording to write and read back: every type of column, two lanes, values that are easy to predict.
#pragma once

#include <cmath>
#include <filesystem>
#include <limits>
#include <string>

#include <unistd.h>

#include <host/record/journal.hpp>

namespace simhost::record {

// A folder of the test's own, gone with it.
class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "simhost-record-XXXXXX").string();
    path_ = mkdtemp(name.data());
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  [[nodiscard]] std::filesystem::path operator/(std::string_view name) const { return path_ / name; }
  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

 private:
  std::filesystem::path path_;
};

inline About sample_about(Format format = Format::parquet) {
  About about;
  about.id = "01kqexample00000";
  about.name = "run-7";
  about.session = "01kqsession00000";
  about.model = "mixed";
  about.format = format;
  about.columns = {{1, SIM_REAL, "speed_rpm", "rpm", {}},
                   {2, SIM_INTEGER, "count", "", {}},
                   {3, SIM_BOOLEAN, "on", "", {}},
                   {4, SIM_ENUM, "mode", "", {"idle", "run, fast", "say \"no\""}},
                   {5, SIM_INTEGER, "tick", "", {}}};
  about.lanes = {0, 4};
  about.every_ticks = 2;
  about.step_ns = 1'000'000;
  about.seed = 42;
  about.descriptor = Value::object({{"id", "mixed"}});
  about.made_of = Value::object({{"lanes", 5}});
  about.versions = Value::object({{"host", "0.1.0"}});
  return about;
}

// Of a tick and a lane; every 7th real is no number, every 5th enum none of its names.
inline double sample_value(const Column& column, std::int64_t tick, std::uint32_t lane) {
  const auto n = tick + lane;
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  switch (column.id) {
    case 1:
      return n % 7 == 3 ? nan : 0.1 * static_cast<double>(n) - 5;
    case 2:
      return static_cast<double>(n * n - 50);
    case 3:
      return n % 3 == 0 ? 1 : 0;
    case 4:
      return n % 5 == 4 ? nan : static_cast<double>(n % 3);
    default:
      return static_cast<double>(-n);
  }
}

inline Batch sample_batch(const About& about, std::int64_t first_tick, std::size_t ticks) {
  Batch batch;
  for (std::size_t t = 0; t < ticks; ++t) {
    const auto tick = first_tick + static_cast<std::int64_t>(t * about.every_ticks);
    batch.ticks.push_back(tick);
    batch.times_s.push_back(static_cast<double>(tick) * static_cast<double>(about.step_ns) / 1e9);
    for (const auto& column : about.columns)
      for (const auto lane : about.lanes) batch.values.push_back(sample_value(column, tick, lane));
  }
  return batch;
}

inline bool same(double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); }

}  // namespace simhost::record
