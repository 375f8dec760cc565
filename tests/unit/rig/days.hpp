/// Readings made up for tests: a log of a given length, at the default rates.
#pragma once

#include <plugins/robot_test_rig/history.hpp>

#include <cmath>

namespace robot_test_rig::test {

inline double value_at(std::size_t k) {
  return std::round(std::abs(std::sin(static_cast<double>(k) * 0.7)) * 20'000) / 100;
}

/// seconds of readings, the first at from_s.
inline Log make_log(double seconds) {
  const double rates[] = {10, 5, 1};
  Log log;
  for (std::size_t i = 0; i < sensors; ++i) {
    Series series;
    const auto count = static_cast<std::size_t>(seconds * rates[i]);
    for (std::size_t k = 0; k < count; ++k)
      series.add({static_cast<double>(k) / rates[i], i == 2 ? 50 + static_cast<double>(k % 200) : value_at(k),
                  1000 + static_cast<std::int32_t>((k + 1) % 9000), 50 + static_cast<std::int32_t>(k % 80)});
    log.of[i] = series.pages();
  }
  return log;
}

inline NextReading readings_of(Log log) {
  return [merge = Merge(std::move(log))]() mutable { return merge.next(); };
}

}  // namespace robot_test_rig::test
