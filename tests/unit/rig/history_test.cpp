/// Bins, filters and the order of readings, against the plainest way to find them.
#include <gtest/gtest.h>

#include <map>
#include <tuple>

#include <tests/unit/rig/days.hpp>

namespace robot_test_rig::test {
namespace {

TEST(RigSeries, KeepsWhatReadersHoldWhileItGoesOn) {
  Series series;
  for (int k = 0; k < 5000; ++k) series.add({k * 0.1, double(k), 0, 0});
  const Pages before = series.pages();
  series.cut(400.05);  // in the middle of a chunk
  EXPECT_EQ(series.pages().size(), 4001u);
  for (int k = 0; k < 3000; ++k) series.add({400.1 + k * 0.1, -1, 0, 0});
  EXPECT_EQ(before.size(), 5000u);
  for (std::size_t k = 0; k < 5000; ++k) ASSERT_EQ(before[k].value, static_cast<double>(k));
  EXPECT_EQ(series.pages()[4001].value, -1);
  EXPECT_TRUE(series.is_whole());
}

TEST(RigSeries, KeepsADayAndTheNewestInAnyCase) {
  Series dense, sparse(3 * chunk_samples);
  for (int k = 0; k < 200'000; ++k) dense.add({k * 1.0, 0, 0, 0});
  for (std::size_t k = 0; k < 10 * chunk_samples; ++k) sparse.add({static_cast<double>(k) * 100, 0, 0, 0});
  for (const auto& [series, least, most] : {std::tuple{&dense, std::size_t{86'400}, 86'400 + 2 * chunk_samples},
                                            std::tuple{&sparse, 3 * chunk_samples, 5 * chunk_samples}}) {
    const Pages pages = series->pages();
    EXPECT_FALSE(series->is_whole());
    EXPECT_GE(pages.size(), least);
    EXPECT_LE(pages.size(), most);
    const double period_s = pages[1].at_s - pages[0].at_s;
    for (std::size_t i = 1; i < pages.size(); ++i) ASSERT_EQ(pages[i].at_s, pages[i - 1].at_s + period_s);
  }
}

TEST(RigPages, FindTheFirstThatIsNotBefore) {
  const Log log = make_log(1000);
  const Pages& force = log[Sensor::force];
  EXPECT_EQ(force.find(-5), 0u);
  EXPECT_EQ(force.find(0), 0u);
  EXPECT_EQ(force.find(0.05), 1u);
  EXPECT_EQ(force.find(900), 9000u);
  EXPECT_EQ(force.find(1e9), force.size());
}

// Aim: no reading is lost or counted twice at any edge. Method: the definition, reading by reading.
TEST(RigBins, HoldEveryReadingOnce) {
  const Log log = make_log(3000);
  for (const double from_s : {0.0, -100.0, 12.3456, 2999.95, 4000.0}) {
    for (const double width_s : {1.0, 7.0, 60.0, 3600.0}) {
      struct Plain {
        double sum = 0, min = 1e9, max = -1e9;
        std::uint64_t count = 0;
      };
      std::map<std::uint64_t, Plain> plain;
      for (std::size_t i = 0; i < log[Sensor::force].size(); ++i) {
        const Sample& sample = log[Sensor::force][i];
        std::uint64_t place = 0;
        if (sample.at_s < from_s) continue;
        while (sample.at_s >= from_s + static_cast<double>(place + 1) * width_s) ++place;
        Plain& bin = plain[place];
        bin.sum += sample.value;
        bin.min = std::min(bin.min, sample.value);
        bin.max = std::max(bin.max, sample.value);
        ++bin.count;
      }
      const auto found = bins(log[Sensor::force], from_s, width_s);
      ASSERT_EQ(found.size(), plain.size()) << from_s << " " << width_s;
      auto expected = plain.begin();
      for (const Bin& bin : found) {
        ASSERT_EQ(bin.place, expected->first);
        ASSERT_EQ(bin.count, expected->second.count);
        ASSERT_EQ(bin.sum, expected->second.sum);
        ASSERT_EQ(bin.min, expected->second.min);
        ASSERT_EQ(bin.max, expected->second.max);
        ++expected;
      }
    }
  }
}

TEST(RigMerge, GoesByTimeAndThenForceMotorCamera) {
  Merge merge(make_log(50));
  double last_s = -1;
  Sensor last = Sensor::camera;
  std::size_t count = 0;
  while (const auto reading = merge.next()) {
    ASSERT_TRUE(reading->at_s > last_s || (reading->at_s == last_s && reading->sensor > last));
    last_s = reading->at_s;
    last = reading->sensor;
    ++count;
  }
  EXPECT_EQ(count, 800u);
}

TEST(RigReadings, ComeFromTheRecordingUpToWhereTheLogBegins) {
  std::vector<Reading> all;
  for (Merge merge(make_log(100)); const auto reading = merge.next();) all.push_back(*reading);
  Log log;  // the motor's and the camera's begin later than the force's
  const double from_s[] = {40, 50, 60};
  Series series[sensors];
  for (const Reading& reading : all) {
    const auto which = static_cast<std::size_t>(reading.sensor);
    if (reading.at_s >= from_s[which]) series[which].add(sample_of(reading));
  }
  for (std::size_t i = 0; i < sensors; ++i) log.of[i] = series[i].pages();
  std::size_t asked = 0;
  const NextReading recorded = [&]() -> std::optional<Reading> { return all[asked++]; };
  std::size_t count = 0;
  for (const NextReading next = all_readings(recorded, log); const auto reading = next(); ++count) {
    ASSERT_EQ(reading->sensor, all[count].sensor) << count;
    ASSERT_EQ(reading->at_s, all[count].at_s);
    ASSERT_EQ(reading->value, all[count].value);
  }
  EXPECT_EQ(count, all.size());
  EXPECT_EQ(asked, 60u * 16 + 1) << "the rest is the log's";
}

TEST(RigNewest, AreTheLastThatFitOldestFirst) {
  const Log log = make_log(1000);
  std::vector<Reading> all;
  for (Merge merge(log); const auto reading = merge.next();) all.push_back(*reading);
  constexpr std::int64_t any = std::int64_t{1} << 60;
  const auto last = newest(log, {std::nullopt, 100, -any, any}, 10'000);
  ASSERT_EQ(last.size(), 100u);
  for (std::size_t i = 0; i < 100; ++i) {
    ASSERT_EQ(last[i].at_s, all[all.size() - 100 + i].at_s);
    ASSERT_EQ(last[i].sensor, all[all.size() - 100 + i].sensor);
  }
  const auto window = newest(log, {Sensor::motor, 1000, 900'000'000, 901'000'000}, 10'000);
  EXPECT_EQ(window.size(), 6u);                                                      // both ends
  EXPECT_TRUE(newest(log, {std::nullopt, 100, -any, 100'000'000}, 10'000).empty());  // out of the ring
  EXPECT_EQ(newest(log, {std::nullopt, 100'000, -any, any}, 10'000).size(), 10'000u);
}

}  // namespace
}  // namespace robot_test_rig::test
