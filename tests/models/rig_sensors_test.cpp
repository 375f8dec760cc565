/// The rig's sensors: exact rates, the statistics of their generators, and what injections do to them.
#include <gtest/gtest.h>

#include <map>

#include <tests/models/rig_bench.hpp>

namespace robot_test_rig::test {
namespace {

constexpr double hour_s = 3600;

/// A seeded hour, run once for all that look at it.
const Bench& hour() {
  static const Bench bench = [] {
    Bench made(42);
    made.begin();
    made.run_to(hour_s);
    return made;
  }();
  return bench;
}

/// A share of p of n draws lies within three standard deviations.
void expect_share(long hits, double p, double n) {
  EXPECT_NEAR(static_cast<double>(hits), p * n, 3 * std::sqrt(p * (1 - p) * n)) << "of " << n;
}

TEST(RigRates, AreExactOverAnHour) {
  // At tick 360,000 the readings due at 3600 s itself are there too.
  EXPECT_EQ(hour().of(Sensor::force).size(), 36'001u);
  EXPECT_EQ(hour().of(Sensor::motor).size(), 18'001u);
  EXPECT_EQ(hour().of(Sensor::camera).size(), 3'601u);
  const double rates[] = {10, 5, 1};
  double index[sensors] = {};
  for (const auto& [reading, tick_s] : hour().seen) {
    const auto which = static_cast<std::size_t>(reading.sensor);
    ASSERT_EQ(reading.at_s, index[which] / rates[which]) << name_of(reading.sensor);
    ASSERT_NEAR(tick_s, reading.at_s, 1e-9);
    ++index[which];
  }
}

TEST(RigRates, HoldForRatesThatFitNoTick) {
  for (const double hz : {100.0, 99.9, 33.0, 7.3, 0.7, 0.01}) {
    Bench bench;
    bench.p = {hz, 3, hz};
    bench.begin();
    bench.run_to(600);
    const auto force = bench.of(Sensor::force);
    ASSERT_EQ(force.size(), static_cast<std::size_t>(std::floor(600 * hz + 1e-6)) + 1) << hz;
    for (std::size_t k = 0; k < force.size(); ++k) {
      ASSERT_EQ(force[k].reading.at_s, static_cast<double>(k) / hz);
      ASSERT_GE(force[k].tick_s, force[k].reading.at_s - 1e-6 / hz);  // never early
      ASSERT_LT(force[k].tick_s, force[k].reading.at_s + 0.01);       // never a tick late
    }
  }
}

TEST(RigRates, DoNotDependOnTheStep) {
  Bench fine(7, 0.001), coarse(7, 0.01);
  for (Bench* bench : {&fine, &coarse}) {
    bench->begin();
    bench->run_to(100);
  }
  ASSERT_EQ(fine.seen.size(), coarse.seen.size());
  for (std::size_t i = 0; i < fine.seen.size(); ++i) {
    ASSERT_EQ(fine.seen[i].reading.value, coarse.seen[i].reading.value);
    ASSERT_EQ(fine.seen[i].reading.at_s, coarse.seen[i].reading.at_s);
  }
}

TEST(RigRates, HoldAfterManyDays) {
  Bench bench;
  bench.begin();
  bench.x.force_next = 864'000.0 * 1000 + 1;  // a thousand days
  sim::Context<double> late{0.01, 864e5, 864e7, 0, sim::Random<double>(0, 0, 0)};
  for (int tick = 0; tick < 1000; ++tick, late.tick += 1) Rig::step<double>(0.01, {}, bench.p, bench.x, bench.y, late);
  EXPECT_EQ(bench.x.force_next, 864'000.0 * 1000 + 101);
}

TEST(RigReadings, ComeInTheOrderForceMotorCameraAtEqualTimes) {
  const auto& seen = hour().seen;
  ASSERT_EQ(seen[0].reading.sensor, Sensor::force);
  ASSERT_EQ(seen[1].reading.sensor, Sensor::motor);
  ASSERT_EQ(seen[2].reading.sensor, Sensor::camera);
  for (std::size_t i = 1; i < seen.size(); ++i) {
    ASSERT_LE(seen[i - 1].reading.at_s, seen[i].reading.at_s);
    if (seen[i - 1].reading.at_s == seen[i].reading.at_s) {
      ASSERT_LT(seen[i - 1].reading.sensor, seen[i].reading.sensor);
    }
  }
}

TEST(RigForce, HasItsStatistics) {
  double sum = 0, squares = 0, n = 0;
  long contacts = 0;
  for (const auto& [reading, tick_s] : hour().of(Sensor::force)) {
    ASSERT_GE(reading.value, 0);
    ASSERT_LE(reading.value, 200);
    ASSERT_EQ(reading.value, std::round(reading.value * 100) / 100);
    if (reading.value > 80) {
      ++contacts;
      continue;
    }
    ASSERT_LT(reading.value, 30);
    sum += reading.value;
    squares += reading.value * reading.value;
    ++n;
  }
  const double mean = sum / n, deviation = std::sqrt(squares / n - mean * mean);
  EXPECT_NEAR(mean, 10, 3 * 2.92 / std::sqrt(n) + 0.02);  // and what the floor at 0 lifts
  EXPECT_NEAR(deviation, std::sqrt(4 + 4.5), 0.04);
  expect_share(contacts, 0.05, 36'001);
}

TEST(RigForce, TouchesEvenlyBetween80And200N) {
  double sum = 0, n = 0;
  for (const auto& [reading, tick_s] : hour().of(Sensor::force)) {
    if (reading.value < 80) continue;
    ASSERT_GE(reading.value, 80.01);
    sum += reading.value;
    ++n;
  }
  EXPECT_NEAR(sum / n, 140, 3 * 120 / std::sqrt(12 * n));
}

TEST(RigMotor, HasItsStatistics) {
  double squares = 0, noise = 0;
  const auto motor = hour().of(Sensor::motor);
  for (const auto& [reading, tick_s] : motor) {
    squares += reading.value * reading.value;
    noise += std::pow(reading.value - 50 * std::sin(sim::pi * std::fmod(reading.at_s, 2.0)), 2);
    ASSERT_LT(std::abs(reading.value), 55);
  }
  const auto n = static_cast<double>(motor.size());
  EXPECT_NEAR(std::sqrt(squares / n), std::sqrt(1250 + 1), 0.05);
  EXPECT_NEAR(noise / n, 1, 3 * std::sqrt(2 / n));
}

TEST(RigCamera, KeepsItsRangesAndCountsItsImages) {
  double id = 1001;
  long bright_ones = 0;
  for (const auto& [reading, tick_s] : hour().of(Sensor::camera)) {
    const Image& image = reading.image;
    ASSERT_EQ(image.id, id++);
    ASSERT_EQ(image.brightness, std::floor(image.brightness));
    ASSERT_GE(image.brightness, 50);
    ASSERT_LE(image.brightness, 255);
    ASSERT_NEAR(image.exposure, 1 - (image.brightness - 128) / 255, 0.00501);
    ASSERT_GE(image.exposure, 0.5);
    ASSERT_LE(image.exposure, 1.31);
    bright_ones += image.brightness > 240;
  }
  EXPECT_NEAR(static_cast<double>(bright_ones) / 3601, 0.02, 0.01);
}

TEST(RigCamera, WrapsItsIdsAt9999) {
  Bench bench;
  bench.p.camera_hz = 100;
  bench.begin();
  bench.run_to(90.1);
  const auto images = bench.of(Sensor::camera);
  EXPECT_EQ(images[8998].reading.image.id, 9999);
  EXPECT_EQ(images[8999].reading.image.id, 1000);
  EXPECT_EQ(images[9000].reading.image.id, 1001);
}

// Expected of the generators: errors at the contacts (5 %), spike warnings two readings later where that is none itself
// (5 % of 95 %).
TEST(RigRules, FireAtTheirRatesInAnHourWithoutInjection) {
  EXPECT_EQ(hour().count(Rule::force_warning), 0);
  EXPECT_EQ(hour().count(Rule::motor_speed), 0);
  EXPECT_EQ(hour().count(Rule::camera_dark), 0);
  expect_share(hour().count(Rule::force_error), 0.05, 36'001);
  expect_share(hour().count(Rule::force_spike), 0.0475, 36'001);
  double share = 0;  // of images brighter than 240, over the swing of the light
  for (int k = 0; k <= 3600; ++k)
    share += 0.5 * std::erfc((241 - 150 - 50 * std::sin(0.05 * k)) / 30 / std::sqrt(2)) / 3601;
  EXPECT_NEAR(share, 0.02, 0.003);
  expect_share(hour().count(Rule::camera_bright), share, 3'601);
}

/// A rig whose generators alone trip no rule for a while: injections stand out.
Bench quiet_rig(std::uint64_t seed = 0) {
  for (;; ++seed) {
    Bench bench(seed);
    bench.begin();
    bench.run_to(8);
    if (!bench.findings.empty()) continue;
    Bench fresh(seed);
    fresh.begin();
    fresh.run_to(2.05);
    return fresh;
  }
}

TEST(RigInjection, OfASpikeGivesOneErrorAndASpikeWarningTwoReadingsLater) {
  Bench bench = quiet_rig();
  ASSERT_EQ((bench.inject<&Rig::inject_spike>(Rig::Whose{0})), SIM_OK);
  bench.run_to(8);
  ASSERT_EQ(bench.findings.size(), 2u);
  EXPECT_EQ(bench.findings[0].rule, Rule::force_error);
  EXPECT_EQ(bench.findings[0].at_s, 2.1);  // the next reading
  EXPECT_GE(bench.findings[0].actual, 80.01);
  EXPECT_EQ(bench.findings[1].rule, Rule::force_spike);
  EXPECT_EQ(bench.findings[1].at_s, 2.3);
}

TEST(RigInjection, OfAnOverloadGivesItsWarningAlone) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    Bench bench = quiet_rig(seed);
    ASSERT_EQ((bench.inject<&Rig::inject_overload>()), SIM_OK);
    bench.run_to(8);
    ASSERT_GE(bench.findings.size(), 1u);
    EXPECT_EQ(bench.findings[0].rule, Rule::force_warning);
    EXPECT_GE(bench.findings[0].actual, 64.5);
    EXPECT_LE(bench.findings[0].actual, 79.5);
    if (bench.findings.size() == 2) {
      EXPECT_EQ(bench.findings[1].rule, Rule::force_spike);  // the way back is a jump too
    }
    EXPECT_LE(bench.findings.size(), 2u);
  }
}

TEST(RigInjection, OfAnOverspeedGivesItsWarningWithTheSignOfTheSine) {
  Bench bench = quiet_rig();
  ASSERT_EQ((bench.inject<&Rig::inject_overspeed>()), SIM_OK);
  ASSERT_EQ((bench.inject<&Rig::inject_spike>(Rig::Whose{1})), SIM_OK);
  bench.run_to(3.1);
  ASSERT_EQ((bench.inject<&Rig::inject_overspeed>()), SIM_OK);
  bench.run_to(8);
  ASSERT_EQ(bench.findings.size(), 3u);
  for (const Bench::Found& finding : bench.findings) {
    EXPECT_EQ(finding.rule, Rule::motor_speed);
    EXPECT_GE(std::abs(finding.actual), 56);
    EXPECT_LE(std::abs(finding.actual), 80);
  }
  EXPECT_GT(bench.findings[0].actual, 0);
  EXPECT_GT(bench.findings[1].actual, 0);
  EXPECT_LT(bench.findings[2].actual, 0);
}

TEST(RigInjection, OfLowLightAndOfGlareGivesAnImageOfEachKind) {
  Bench bench = quiet_rig();
  ASSERT_EQ((bench.inject<&Rig::inject_low_light>()), SIM_OK);
  ASSERT_EQ((bench.inject<&Rig::inject_spike>(Rig::Whose{2})), SIM_OK);
  bench.run_to(8);
  ASSERT_EQ(bench.findings.size(), 2u);
  EXPECT_EQ(bench.findings[0].rule, Rule::camera_dark);
  EXPECT_GE(bench.findings[0].actual, 5);
  EXPECT_LE(bench.findings[0].actual, 25);
  EXPECT_EQ(bench.findings[0].at_s, 3);
  EXPECT_EQ(bench.findings[1].rule, Rule::camera_bright);
  EXPECT_GE(bench.findings[1].actual, 245);
  EXPECT_LE(bench.findings[1].actual, 255);
  EXPECT_EQ(bench.findings[1].at_s, 4);
}

TEST(RigInjection, OfADropoutLeavesOutTheReadingsOfOneSecondAndNoMore) {
  const double gaps[] = {10, 5, 1};
  for (const Sensor sensor : all_sensors) {
    Bench bench = quiet_rig(), untouched = quiet_rig();
    const auto whose = static_cast<double>(sensor);
    ASSERT_EQ((bench.inject<&Rig::inject_dropout>(Rig::Whose{whose})), SIM_OK);
    bench.run_to(8);
    untouched.run_to(8);
    const auto all = untouched.of(sensor), left = bench.of(sensor);
    const auto gap = static_cast<std::size_t>(gaps[static_cast<std::size_t>(sensor)]);
    ASSERT_EQ(left.size(), all.size() - gap) << name_of(sensor);
    std::size_t i = 0;
    for (const auto& one : left) {  // what is there is what would have been there
      while (all[i].reading.at_s < one.reading.at_s) ++i;
      ASSERT_EQ(all[i].reading.value, one.reading.value);
      ASSERT_EQ(all[i].reading.image.id, one.reading.image.id);
    }
    for (const Sensor other : all_sensors)
      if (other != sensor) {
        EXPECT_EQ(bench.of(other).size(), untouched.of(other).size());
      }
  }
}

TEST(RigInjection, QueuesTenForASensorAndRefusesTheEleventh) {
  Bench bench = quiet_rig();
  for (unsigned n = 0; n < queue_max; ++n) ASSERT_EQ((bench.inject<&Rig::inject_spike>(Rig::Whose{2})), SIM_OK);
  EXPECT_EQ((bench.inject<&Rig::inject_low_light>()), SIM_BUSY);
  EXPECT_EQ((bench.inject<&Rig::inject_overspeed>()), SIM_OK);  // another sensor has a queue of its own
  bench.run_to(3.05);
  EXPECT_EQ((bench.inject<&Rig::inject_low_light>()), SIM_OK);  // one was taken
  bench.run_to(14);
  EXPECT_EQ(bench.count(Rule::camera_dark), 1);
  EXPECT_GE(bench.count(Rule::camera_bright), 10);
}

}  // namespace
}  // namespace robot_test_rig::test
