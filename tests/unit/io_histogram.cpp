#include "daemon/io/histogram.hpp"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <random>

namespace p2pd::io {
namespace {

using std::chrono::microseconds;
using std::chrono::nanoseconds;

TEST(Histogram, BeginsEmpty) {
  const Histogram histogram;
  EXPECT_EQ(histogram.count(), 0U);
  EXPECT_EQ(histogram.max(), microseconds(0));
  EXPECT_EQ(histogram.quantile(0.999), microseconds(0));
}

TEST(Histogram, KnowsOneValueAtEveryScale) {
  for (std::int64_t us = 0; us < 60'000'000; us += 1 + us / 100) {
    Histogram histogram;
    histogram.add(microseconds(us));
    for (const double share : {0.0, 0.5, 1.0})
      EXPECT_EQ(histogram.quantile(share), microseconds(us)) << "no bucket goes beyond the most";
  }
}

TEST(Histogram, RoundsUpAndCutsAtItsEnds) {
  Histogram histogram;
  histogram.add(nanoseconds(1));
  EXPECT_EQ(histogram.max(), microseconds(1));
  histogram.add(nanoseconds(-5)); // of a clock that was read twice
  histogram.add(std::chrono::hours(1));
  EXPECT_EQ(histogram.max(), std::chrono::seconds(60));
  EXPECT_EQ(histogram.count(), 3U);
}

TEST(Histogram, CountsWhatWasWithinATime) {
  Histogram histogram;
  for (const int us : {0, 10, 31, 900, 1000, 1024}) histogram.add(microseconds(us));
  EXPECT_EQ(histogram.sum(), microseconds(2965));
  EXPECT_EQ(histogram.count_within(microseconds(9)), 1U);
  EXPECT_EQ(histogram.count_within(microseconds(31)), 3U) << "up to here each has its own bucket";
  EXPECT_EQ(histogram.count_within(microseconds(1000)), 4U) << "1000 stands in one up to 1023";
  EXPECT_EQ(histogram.count_within(microseconds(1023)), 5U);
  EXPECT_EQ(histogram.count_within(std::chrono::hours(1)), 6U);
}

// Beside the quantiles of the sorted values.
TEST(Histogram, IsRightToSevenPercent) {
  std::mt19937 random(1);
  std::lognormal_distribution<double> times(7, 3); // around a millisecond, from 1 us to seconds
  Histogram histogram;
  std::vector<std::int64_t> sorted;
  for (int i = 0; i < 100'000; ++i) {
    sorted.push_back(std::clamp<std::int64_t>(std::llround(times(random)), 1, 60'000'000));
    histogram.add(microseconds(sorted.back()));
  }
  std::sort(sorted.begin(), sorted.end());
  EXPECT_EQ(histogram.max(), microseconds(sorted.back()));
  for (const double share : {0.001, 0.1, 0.5, 0.9, 0.99, 0.999, 1.0}) {
    const auto rank = static_cast<std::size_t>(std::ceil(share * 100'000)) - 1;
    const auto exact = static_cast<double>(sorted[rank]);
    const auto told = static_cast<double>(histogram.quantile(share).count());
    EXPECT_GE(told, exact) << share;
    EXPECT_LE(told, exact * 1.07) << share;
  }
}

} // namespace
} // namespace p2pd::io
