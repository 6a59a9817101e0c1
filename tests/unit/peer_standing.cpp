// Which link makes way where no more are allowed.
#include "daemon/peer/standing.hpp"

#include <array>
#include <gtest/gtest.h>

namespace p2pd::peer {
namespace {

using namespace std::chrono_literals;

constexpr io::Time now = io::Time() + 1h;
constexpr Standing at_work{.busy = true, .wanted = true, .used = now - 10min};
constexpr Standing just_used{.wanted = true, .used = now - 1s};
constexpr Standing awaits{.wanted = true, .used = now - 1min};
constexpr Standing idle{.used = now - 10s};
constexpr Standing long_idle{.used = now - 10min};

TEST(Standing, ALinkInUseMakesWayForTrackersAlone) {
  const std::array links{at_work, just_used};
  EXPECT_EQ(least_useful(links, now, false), std::nullopt);
  EXPECT_EQ(least_useful(links, now, true), 1U) << "what is at work goes last";
  EXPECT_EQ(least_useful({}, now, true), std::nullopt);
}

TEST(Standing, WhatNobodyWantsGoesFirstAndOfThatTheLongestIdle) {
  const std::array links{at_work, awaits, idle, long_idle};
  EXPECT_EQ(least_useful(links, now, false), 3U);
  EXPECT_EQ(least_useful(std::span(links).first(3), now, false), 2U);
  EXPECT_EQ(least_useful(std::span(links).first(2), now, false), 1U);
}

} // namespace
} // namespace p2pd::peer
