#include "daemon/membership/backoff.hpp"

#include <algorithm>
#include <array>
#include <gtest/gtest.h>

namespace p2pd::membership {
namespace {

using io::milliseconds;

TEST(Backoff, DoublesUpToABound) {
  Backoff backoff(1);
  for (int round = 0; round < 2; ++round, backoff.reset()) {
    milliseconds most{250};
    for (int attempt = 0; attempt < 20; ++attempt) {
      const milliseconds delay = backoff.next();
      EXPECT_GE(delay, most / 2) << attempt;
      EXPECT_LE(delay, most) << attempt;
      most = std::min(most * 2, milliseconds(30'000));
    }
  }
}

// 5,000 peers that lost their tracker at once: no tenth of the time in which they dial again sees
// many more of them than another.
TEST(Backoff, SpreadsThoseWhoLostTheSameTracker) {
  std::array<int, 10> counts{};
  std::mt19937 seeds(1);
  for (int peer = 0; peer < 5000; ++peer) {
    const milliseconds delay = Backoff(seeds()).next();
    ++counts.at(static_cast<std::size_t>(std::min(9L, (delay.count() - 125) * 10 / 125)));
  }
  for (const int count : counts) {
    EXPECT_GT(count, 350);
    EXPECT_LT(count, 700);
  }
}

} // namespace
} // namespace p2pd::membership
