// Histograms: the quantiles they give.
#include <host/engine/histogram.hpp>

#include <gtest/gtest.h>

namespace simhost::engine {
namespace {

TEST(Histogram, GivesQuantilesToAQuarterOctave) {
  Histogram h;
  for (int ns = 1; ns <= 1000; ++ns) h.add(ns);
  for (const double share : {0.1, 0.5, 0.9, 0.99}) {
    const double got = Histogram::quantile_ns(h.counts(), share);
    EXPECT_GE(got, share * 1000 * 0.99);
    EXPECT_LE(got, share * 1000 * 1.26);
  }
  EXPECT_EQ(h.max_ns(), 1000U);
}

TEST(Histogram, IsZeroWithoutCountsAndHoldsAnyDuration) {
  Histogram h;
  EXPECT_EQ(Histogram::quantile_ns(h.counts(), 0.5), 0);
  h.add(-5);
  EXPECT_EQ(Histogram::quantile_ns(h.counts(), 0.5), 0);
  h.add(INT64_MAX);
  EXPECT_GT(Histogram::quantile_ns(h.counts(), 1.0), 9e18);
}

}  // namespace
}  // namespace simhost::engine
