// A schema of every type and rows of it, made by hand: what encoder and queue tests share.
#pragma once

#include <memory>
#include <vector>

#include <host/telemetry/encoder.hpp>

namespace simhost::telemetry {

inline Schema mixed_schema(std::uint32_t lanes = 2) {
  return {{{1, SIM_REAL, "speed_rpm", "rpm", {}},
           {2, SIM_INTEGER, "pulses", "", {}},
           {3, SIM_BOOLEAN, "enabled", "", {}},
           {4, SIM_ENUM, "state", "", {"idle", "run \"fast\"", "stop"}}},
          lanes,
          0.001};
}

struct Columns {
  std::vector<std::uint64_t> ticks;
  std::vector<double> times_s;
  std::vector<double> values;

  [[nodiscard]] Rows rows() const { return {ticks, times_s, values}; }
};

inline Columns latest_row() { return {{1220}, {1.22}, {1999.8, -0.5, 7, -9007199254740991.0, 1, 0, 1, 2}}; }

inline Columns tick_rows() {
  Columns columns;
  for (std::uint64_t k = 0; k < 3; ++k) {
    const auto n = static_cast<double>(k);
    columns.ticks.push_back(1221 + k);
    columns.times_s.push_back(static_cast<double>(1221 + k) * 0.001);
    for (const double v : {2000 + n / 8, 1e-7 * n, n, 40000 + n, 1.0, n, n, 2 - n}) columns.values.push_back(v);
  }
  return columns;
}

// min, max and last of tick_rows.
inline Columns spread_rows() {
  return {{1223}, {1.223}, {2000, 0, 0, 40000, 1,       0,    0, 0,     2000.25, 2e-7, 2, 40002,
                            1,    2, 2, 2,     2000.25, 2e-7, 2, 40002, 1,       2,    2, 0}};
}

// A message whose body has that many bytes and stands for that many ticks.
inline MessagePointer message_of(std::size_t bytes, std::uint64_t ticks = 1, Mode mode = Mode::all) {
  auto message = std::make_shared<Message>();
  message->mode = mode;
  message->ticks = ticks;
  message->body.assign(bytes, 'x');
  return message;
}

}  // namespace simhost::telemetry
