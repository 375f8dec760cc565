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

void Tape::replay(std::string_view session, Book& book) const {
  const auto found = recordings_.find_of(session);
  if (!found) return;
  std::uint64_t row = 0;
  const auto show = [&](const sim_rows& rows) {
    for (std::uint64_t i = 0; i < rows.count; ++i) {
      Snapshot shown{};
      for (std::size_t place = 0; place < places; ++place) shown[place] = rows.value[place][i];
      book.see_recorded(shown);
    }
    row += rows.count;
    return true;
  };
  for (int attempt = 0; attempt < tries_max; ++attempt) {
    if (!recordings_.read(found.value.id, snapshot_ids(), row, show) || !book.wants_more()) return;
  }
}

}  // namespace robot_test_rig
