/// Searches and sums over samples.
#include "history.hpp"

#include <algorithm>
#include <cmath>

namespace robot_test_rig {

Merge::Merge(Log log, double from_s) noexcept : log_(std::move(log)) {
  for (const Sensor sensor : all_sensors) at_[static_cast<std::size_t>(sensor)] = log_[sensor].find(from_s);
}

NextReading all_readings(NextReading recorded, Log log) {
  double from_s = 0;  // from there on the log has the readings of all sensors
  for (const Sensor sensor : all_sensors)
    if (log[sensor].size() > 0) from_s = std::max(from_s, log[sensor][0].at_s);
  return [recorded = std::move(recorded), merge = Merge(std::move(log), from_s), from_s,
          is_older = true]() mutable -> std::optional<Reading> {
    if (is_older) {
      if (const auto reading = recorded(); reading && reading->at_s < from_s) return reading;
      is_older = false;
    }
    return merge.next();
  };
}

std::optional<Reading> Merge::next() noexcept {
  std::optional<Sensor> first;
  for (const Sensor sensor : all_sensors) {
    const auto which = static_cast<std::size_t>(sensor);
    if (at_[which] == log_[sensor].size()) continue;
    const bool earlier =
        !first || log_[sensor][at_[which]].at_s < log_[*first][at_[static_cast<std::size_t>(*first)]].at_s;
    if (earlier) first = sensor;
  }
  if (!first) return std::nullopt;
  return reading_of(log_[*first][at_[static_cast<std::size_t>(*first)]++], *first);
}

std::vector<Reading> newest(const Log& log, const Wanted& wanted, std::size_t readings_max) {
  std::size_t left[sensors];
  for (std::size_t i = 0; i < sensors; ++i) left[i] = log.of[i].size();
  std::vector<Reading> found;
  for (std::size_t looked = 0; looked < readings_max && found.size() < wanted.limit; ++looked) {
    std::optional<Sensor> last;  // of equal times the one that came last
    const auto time_of = [&](Sensor sensor) { return log[sensor][left[static_cast<std::size_t>(sensor)] - 1].at_s; };
    for (const Sensor sensor : all_sensors)
      if (left[static_cast<std::size_t>(sensor)] > 0 && (!last || time_of(sensor) >= time_of(*last))) last = sensor;
    if (!last) break;
    const Sample& sample = log[*last][--left[static_cast<std::size_t>(*last)]];
    const bool fits = !wanted.sensor || *wanted.sensor == *last;
    const std::int64_t at_us = std::llround(sample.at_s * 1e6);
    if (fits && at_us >= wanted.from_us && at_us <= wanted.to_us) found.push_back(reading_of(sample, *last));
  }
  std::reverse(found.begin(), found.end());
  return found;
}

std::array<std::optional<Reading>, sensors> latest(const Log& log) {
  std::array<std::optional<Reading>, sensors> all;
  for (const Sensor sensor : all_sensors)
    if (const std::size_t size = log[sensor].size(); size > 0)
      all[static_cast<std::size_t>(sensor)] = reading_of(log[sensor][size - 1], sensor);
  return all;
}

std::size_t count_since(const Log& log, Sensor sensor, double from_s) noexcept {
  return log[sensor].size() - log[sensor].find(from_s);
}

std::vector<Bin> bins(const Pages& pages, double from_s, double width_s) {
  std::vector<Bin> all;
  double end_s = from_s;  // of the bin under way
  for (std::size_t i = pages.find(from_s); i < pages.size(); ++i) {
    const Sample& sample = pages[i];
    if (all.empty() || sample.at_s >= end_s) {
      auto place = static_cast<std::uint64_t>((sample.at_s - from_s) / width_s);
      if (sample.at_s >= from_s + static_cast<double>(place + 1) * width_s) ++place;  // a quotient that was rounded
      if (sample.at_s < from_s + static_cast<double>(place) * width_s) --place;
      end_s = from_s + static_cast<double>(place + 1) * width_s;
      all.push_back({place, 0, 0, sample.value, sample.value});
    }
    Bin& bin = all.back();
    ++bin.count;
    bin.sum += sample.value;
    bin.min = std::min(bin.min, sample.value);
    bin.max = std::max(bin.max, sample.value);
  }
  return all;
}

}  // namespace robot_test_rig
