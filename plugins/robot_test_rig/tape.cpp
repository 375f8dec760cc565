/// Snapshots from rows.
#include "tape.hpp"

#include <sim/cpp/json.hpp>

#include <cmath>
#include <numeric>

namespace robot_test_rig {
namespace {

constexpr double ticks_per_s = 100;
constexpr int tries_max = 40;  // what was read last is on the disk within a second

/// Ticks between two at which a reading may fall due.
std::uint32_t every_ticks(const Settings& rates) noexcept {
  std::uint32_t every = 0;
  for (const double hz : {rates.force_hz, rates.motor_hz, rates.camera_hz}) {
    const double period = ticks_per_s / hz;
    if (std::abs(period - std::round(period)) > 1e-9) return 1;
    every = std::gcd(every, static_cast<std::uint32_t>(std::lround(period)));
  }
  return every;
}

Snapshot snapshot_at(const sim_rows& rows, std::uint64_t row) noexcept {
  Snapshot shown{};
  for (std::size_t place = 0; place < places; ++place) shown[place] = rows.value[place][row];
  return shown;
}

}  // namespace

sim::Result<sim::Done> Tape::start(std::uint64_t session) const {
  std::string body;
  sim::Json json(body);
  json.object().key("fields").array();
  for (const char* name : snapshot_names()) json.value(name);
  json.end().member("every_ticks", every_ticks(settings())).end();
  const auto started = recordings_.start(session, body);
  if (!started && started.status != SIM_UNSUPPORTED) return {started.status, {}, started.error};
  return {SIM_OK, {}, {}};
}

void Tape::stop(std::string_view session) const {
  if (const auto found = recordings_.find_of(session)) static_cast<void>(recordings_.stop(found.value.id));
}

void Tape::remove(std::string_view session) const {
  while (const auto found = recordings_.find_of(session))
    if (!recordings_.remove(found.value.id)) return;
}

std::vector<Jump> Tape::jumps(std::string_view recording) const {
  std::vector<Jump> found;
  std::uint64_t row = 0;
  std::int64_t last = -1;
  static_cast<void>(recordings_.read(recording, snapshot_ids().first(1), 0, [&](const sim_rows& rows) {
    for (std::uint64_t i = 0; i < rows.count; ++i, ++row) {
      if (rows.tick[i] <= last) found.push_back({row, rows.tick[i]});
      last = rows.tick[i];
    }
    return true;
  }));
  return found;
}

// Where rows are missing, or time went back, there is no telling: then it is the first one.
std::uint64_t Tape::row_of_newest_day(const sim_recording_info& recording) const {
  const double from_s = recording.to_s - 1.01 * day_s, all_s = recording.to_s - recording.from_s;
  if (from_s <= recording.from_s || !jumps(recording.id).empty()) return 0;
  const auto row =
      static_cast<std::uint64_t>(static_cast<double>(recording.rows) * (from_s - recording.from_s) / all_s);
  bool is_early = false;
  static_cast<void>(recordings_.read(recording.id, snapshot_ids(), row, [&](const sim_rows& rows) {
    is_early = rows.count > 0 && rows.time_s[0] < recording.to_s - day_s;
    return false;
  }));
  return is_early ? row : 0;
}

void Tape::replay(std::string_view session, Book& book) const {
  const auto found = recordings_.find_of(session);
  if (!found) return;
  const std::uint64_t first_row = row_of_newest_day(found.value);
  std::uint64_t row = first_row;
  const auto show = [&](const sim_rows& rows) {
    for (std::uint64_t i = 0; i < rows.count; ++i) {
      const Snapshot shown = snapshot_at(rows, i);
      if (row + i == first_row && row > 0)
        book.begin_at(shown);
      else
        book.see_recorded(shown);
    }
    row += rows.count;
    return true;
  };
  for (int attempt = 0; attempt < tries_max; ++attempt) {
    const auto read = recordings_.read(found.value.id, snapshot_ids(), row, show);
    if (!book.wants_more() && read) return;
  }
}

NextReading Tape::readings(std::string_view session) const {
  const auto found = recordings_.find_of(session);
  if (!found) return [] { return std::optional<Reading>(); };
  const std::string id = found.value.id;
  const auto read = [recordings = recordings_, id](std::uint64_t from_row) {
    std::vector<RecordedTick> ticks;
    static_cast<void>(recordings.read(id, snapshot_ids(), from_row, [&](const sim_rows& rows) {
      ticks.reserve(rows.count);
      for (std::uint64_t i = 0; i < rows.count; ++i) ticks.push_back({rows.tick[i], snapshot_at(rows, i)});
      return false;
    }));
    return ticks;
  };
  return [reel = Reel(read, jumps(id))]() mutable { return reel.next(); };
}

}  // namespace robot_test_rig
