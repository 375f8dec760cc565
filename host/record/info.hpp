// A recording as it is shown and as it is kept: a copy of all there is to say about it.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <host/record/about.hpp>

namespace simhost::record {

// waiting: the disk is full. Only recording and waiting take samples.
enum class State : std::uint8_t { recording, waiting, stopped, failed };
std::string_view to_string(State state) noexcept;

struct PartInfo {
  std::uint64_t number = 0, rows = 0, bytes = 0;
  std::int64_t from_tick = 0;
  std::string sha256;
  std::string file;  // name in the folder
};

struct Info {
  std::shared_ptr<const About> about;
  State state = State::recording;
  std::string reason_code, reason;  // why it ended or waits; empty: it was stopped, or does not
  std::uint64_t max_bytes = 0;      // 0: no bound
  double max_s = 0;
  std::vector<PartInfo> parts;
  std::uint64_t next_number = 0;  // of the segment after the last
  std::vector<Gap> gaps;
  std::uint64_t rows = 0, journal_bytes = 0;
  double from_s = 0, to_s = 0;
  std::int64_t last_tick = -1;
  std::int64_t ended_wall_ns = 0;
  bool joined = false;                         // the one part is the whole
  std::vector<std::filesystem::path> sources;  // of its rows, in order; not kept

  [[nodiscard]] bool is_open() const noexcept { return state == State::recording || state == State::waiting; }
  [[nodiscard]] std::uint64_t bytes() const noexcept;
};

// As GET /v1/recordings/{id} shows it.
Value show(const Info& info);
// As the file recording.json keeps it, and back.
Value keep(const Info& info);
Result<Info> read_kept(const Value& kept);

}  // namespace simhost::record
