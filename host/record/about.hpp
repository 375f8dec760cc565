// What is known of a recording when it begins: where it comes from, its columns, its lanes. Stands in all its files.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <host/base/error.hpp>
#include <host/base/value.hpp>
#include <host/telemetry/schema.hpp>

namespace simhost::record {

using Column = telemetry::Field;  // id, type, name, unit, enum_names

enum class Format : std::uint8_t { parquet, csv };
std::string_view to_string(Format format) noexcept;

// Ticks that should be there and are not, both ends included.
struct Gap {
  std::int64_t from_tick = 0, to_tick = 0;
  std::string reason;  // lapped, queue_full, disk_full, interrupted, damaged
  friend bool operator==(const Gap&, const Gap&) = default;
};
Value show(std::span<const Gap> gaps);
Result<std::vector<Gap>> read_gaps(const Value& list);

inline constexpr std::uint32_t every_ticks_max = 1'000'000'000;

struct About {
  std::string id, name;
  std::string session, model;  // ids
  Format format = Format::parquet;
  std::vector<Column> columns;       // after tick, time_s and lane
  std::vector<std::uint32_t> lanes;  // of the session, ascending; each tick has one row of each
  std::uint32_t every_ticks = 1;
  std::int64_t step_ns = 0;
  std::uint64_t seed = 0;
  Value descriptor;  // as GET /v1/models/{id} shows it
  Value made_of;     // the session, as GET /v1/sessions/{id} showed it when the recording began
  Value versions;    // {"host","plugin","model","schema","generation"}
  std::int64_t created_wall_ns = 0;

  [[nodiscard]] std::size_t values() const noexcept { return columns.size() * lanes.size(); }
  // Between two rows; at most what the number holds.
  [[nodiscard]] std::int64_t row_ns() const noexcept;
};

// Name of a column in files: the variable's, unless that is taken by tick, time_s or lane.
std::string column_name(const Column& column);

// The metadata of a file, and back. The errors are those of a file somebody else made or cut: file_damaged.
Value show_meta(const About& about, std::span<const Gap> gaps);
Result<About> read_about(const Value& meta);

}  // namespace simhost::record
