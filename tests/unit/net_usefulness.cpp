// Which link makes way where no more are allowed.
#include "daemon/net/usefulness.hpp"

#include <array>
#include <gtest/gtest.h>
#include <vector>

namespace p2pd::net {
namespace {

using namespace std::chrono_literals;

constexpr io::Time now = io::Time() + 1h;
const Whence here{1, 11};
const Whence beside_it{1, 12};
const Whence there{2, 21};
const Usefulness at_work{.busy = true, .wanted = true, .used = now - 10min, .from = here};
const Usefulness just_used{.wanted = true, .used = now - 1s, .from = here};
const Usefulness awaits{.wanted = true, .used = now - 1min, .from = here};
const Usefulness idle{.used = now - 10s, .from = here};
const Usefulness long_idle{.used = now - 10min, .from = here};

Usefulness at(Usefulness link, const Whence& where) {
  link.from = where;
  return link;
}

TEST(NetUsefulness, ALinkInUseMakesWayForTrackersAlone) {
  const std::array links{at_work, just_used};
  EXPECT_EQ(least_useful(links, here, now, false), std::nullopt);
  EXPECT_EQ(least_useful(links, here, now, true), 1U) << "what is at work goes last";
  EXPECT_EQ(least_useful({}, here, now, true), std::nullopt);
}

TEST(NetUsefulness, WhatNobodyWantsGoesFirstAndOfThatTheLongestIdle) {
  const std::array links{at_work, awaits, idle, long_idle};
  EXPECT_EQ(least_useful(links, here, now, false), 3U);
  EXPECT_EQ(least_useful(std::span(links).first(3), here, now, false), 2U);
  EXPECT_EQ(least_useful(std::span(links).first(2), here, now, false), 1U);
}

TEST(NetUsefulness, WhoHasMostMakesWayForWhoHasLeast) {
  const std::array links{at_work, at_work, at_work, at(long_idle, there)};
  EXPECT_EQ(least_useful(links, beside_it, now, false), 0U) << "whatever it does";
  EXPECT_EQ(least_useful(links, here, now, false), std::nullopt) << "it has most itself";
  EXPECT_EQ(least_useful(links, there, now, false), 0U);
}

TEST(NetUsefulness, EqualsLeaveEachOtherAlone) {
  const std::array links{at_work, at(at_work, there)};
  EXPECT_EQ(least_useful(links, Whence(3, 31), now, false), std::nullopt);
  const std::array idle_ones{at(idle, here), at(long_idle, there)};
  EXPECT_EQ(least_useful(idle_ones, Whence(3, 31), now, false), 1U);
}

TEST(NetUsefulness, OfThoseThatNobodyNeedsAFewStay) {
  std::vector<Usefulness> links(kept_idle, idle);
  links.insert(links.end(), 5, at_work);
  links.insert(links.end(), 5, awaits);
  EXPECT_TRUE(unneeded(links, now).empty());
  links.insert(links.begin(), long_idle);
  EXPECT_EQ(unneeded(links, now), std::vector<std::size_t>{0});
  for (Usefulness& link : links) link.used = now - 1s;
  EXPECT_TRUE(unneeded(links, now).empty()) << "they may be used again in a moment";
}

TEST(NetUsefulness, ASiteCountsBeforeItsAddresses) {
  std::vector<Usefulness> links;
  for (std::uint64_t i = 0; i < 9; ++i) links.push_back(at(at_work, Whence(7, 70 + i)));
  links.push_back(at(idle, there));
  links.push_back(at(idle, there));
  const auto least = least_useful(links, here, now, false);
  ASSERT_TRUE(least);
  EXPECT_EQ(links[*least].from.site, 7U);
}

} // namespace
} // namespace p2pd::net
