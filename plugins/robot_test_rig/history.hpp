/// Questions to a log of readings: the newest that fit, bins over time, and all of them in order.
#pragma once

#include <array>
#include <functional>
#include <optional>
#include <vector>

#include "book.hpp"

namespace robot_test_rig {

/// Goes through the readings of all sensors by time; at equal times force, motor, camera.
class Merge {
 public:
  explicit Merge(Log log) noexcept : log_(std::move(log)) {}
  /// Those that are not before from_s.
  Merge(Log log, double from_s) noexcept;
  /// Nothing: the end.
  std::optional<Reading> next() noexcept;

 private:
  Log log_;
  std::size_t at_[sensors] = {};
};

/// Gives the next reading; nothing at the end.
using NextReading = std::function<std::optional<Reading>()>;
/// What was recorded before the log begins, then the log.
NextReading all_readings(NextReading recorded, Log log);

struct Wanted {
  std::optional<Sensor> sensor;
  std::size_t limit = 100;
  std::int64_t from_us, to_us;  ///< simulated, both ends included
};
/// Of the newest readings_max the last that fit, oldest first.
std::vector<Reading> newest(const Log& log, const Wanted& wanted, std::size_t readings_max);

/// The last of each sensor.
std::array<std::optional<Reading>, sensors> latest(const Log& log);

/// How many of a sensor there are from this time on.
std::size_t count_since(const Log& log, Sensor sensor, double from_s) noexcept;

struct Bin {
  std::uint64_t place;  ///< from..: place * width after the first bin's start
  std::uint64_t count;
  double sum, min, max;
};
/// Bins of equal width from a time on; empty ones are left out.
std::vector<Bin> bins(const Pages& pages, double from_s, double width_s);

}  // namespace robot_test_rig
