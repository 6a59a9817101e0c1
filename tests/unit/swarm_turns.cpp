#include "daemon/swarm/turns.hpp"

#include <gtest/gtest.h>
#include <numeric>
#include <vector>

namespace p2pd::swarm {
namespace {

constexpr std::uint64_t chunk_bytes = 512 * 1024;

Wish waits(std::uint64_t clock, std::uint32_t copies = 0) {
  return {.clock = clock, .copies = copies, .ready = true, .slot = false};
}
Wish served(std::uint64_t clock, std::uint32_t copies = 0) {
  return {.clock = clock, .copies = copies, .ready = true, .slot = true};
}
Wish blocked(std::uint64_t clock) {
  return {.clock = clock, .copies = 0, .ready = false, .slot = true};
}

std::optional<std::size_t> next(const std::vector<Wish>& waiting, std::size_t free_slots = 1) {
  return next_turn(waiting, {free_slots, free_slots});
}

TEST(Turns, NobodyWhereNobodyWaitsOrCanBeSentTo) {
  EXPECT_FALSE(next({}));
  EXPECT_FALSE(next({blocked(0), blocked(5)}));
  EXPECT_FALSE(next({waits(0)}, 0)) << "no slot";
}

TEST(Turns, WhatWasSentTheLeastComesFirst) {
  EXPECT_EQ(next({waits(0, 2), waits(9, 0), waits(0, 1)}), 1U);
  EXPECT_EQ(next({waits(7, 1), waits(5, 1), waits(6, 1)}), 1U) << "then who got the least";
}

TEST(Turns, ButNobodyGetsFarAhead) {
  EXPECT_EQ(next({waits(0, 9), waits(most_ahead, 0)}), 1U);
  EXPECT_EQ(next({waits(0, 9), waits(most_ahead + 1, 0)}), 0U);
  EXPECT_EQ(next({blocked(0), waits(most_ahead + 1, 0)}), 1U) << "who cannot take it holds up none";
}

TEST(Turns, WhoHasASlotKeepsItUntilAnotherIsFarBehind) {
  EXPECT_EQ(next({served(most_ahead), waits(0)}, 0), 0U);
  EXPECT_FALSE(next({served(most_ahead + 1), waits(0)}, 0)) << "it makes way";
  EXPECT_EQ(next({served(most_ahead + 1), waits(0)}, 1), 1U);
}

TEST(Turns, GivingBackIsWorthHalf) {
  EXPECT_EQ(charge(1000, 0, 0), 1000U);
  EXPECT_EQ(charge(1000, 0, 500), 1000U) << "nothing was sent that could be given back";
  EXPECT_EQ(charge(1000, 500, 0), 1000U);
  EXPECT_EQ(charge(1000, 500, 250), 750U);
  EXPECT_EQ(charge(1000, 500, 500), 500U);
  EXPECT_EQ(charge(1000, 500, 50'000), 500U);
}

Wish slow(Wish wish) {
  wish.pace = Pace::slow;
  return wish;
}
Wish stuck(Wish wish) {
  wish.pace = Pace::stuck;
  return wish;
}

TEST(Turns, SlowOnesNeverHaveAllSlots) {
  EXPECT_EQ(free_slots(16, 0, 11).for_slow, 1U);
  EXPECT_EQ(free_slots(16, 0, 12).for_slow, 0U);
  EXPECT_EQ(free_slots(16, 0, 12).all, 4U);
  EXPECT_EQ(free_slots(16, 1, 15).all, 3U) << "they were not known to be slow";
  EXPECT_EQ(free_slots(16, 16, 3).all, 0U);
  EXPECT_EQ(free_slots(1, 0, 0).for_slow, 1U) << "there is no other";
  EXPECT_EQ(next_turn(std::vector{slow(waits(0)), waits(most_ahead)}, {4, 0}), 1U);
  EXPECT_FALSE(next_turn(std::vector{slow(waits(0))}, {4, 0}));
  EXPECT_EQ(next_turn(std::vector{slow(waits(0)), waits(1)}, {4, 1}), 0U) << "usual turns";
}

TEST(Turns, WhoMakesWayMakesItForOneWhoMayEnter) {
  const std::vector far{served(most_ahead + 1), slow(waits(0))};
  EXPECT_EQ(next_turn(far, {0, 0}), 0U) << "a slow one would not get the slot";
  EXPECT_FALSE(next_turn(far, {0, 1}));
  EXPECT_FALSE(next_turn(std::vector{slow(served(most_ahead + 1)), slow(waits(0))}, {0, 0}));
}

TEST(Turns, WhoTakesNothingComesBehindAllOthers) {
  EXPECT_EQ(next_turn(std::vector{stuck(waits(0)), slow(waits(50 * most_ahead))}, {1, 1}), 1U);
  EXPECT_EQ(next_turn(std::vector{stuck(waits(0)), blocked(0)}, {0, 0}), 0U) << "it needs no slot";
  EXPECT_EQ(next_turn(std::vector{served(most_ahead + 1), stuck(waits(0))}, {0, 0}), 0U);
}

// Twenty that always want something, and two slots; each chunk takes a turn.
TEST(Turns, EverybodyIsServedWithinABound) {
  std::vector<Wish> wishes(20, waits(0));
  std::vector<std::size_t> last(wishes.size(), 0);
  std::size_t longest = 0;
  for (std::size_t turn = 1; turn <= 4000; ++turn) {
    const auto busy = static_cast<std::size_t>(
        std::count_if(wishes.begin(), wishes.end(), [](const Wish& wish) { return wish.slot; }));
    const auto who = next_turn(wishes, {2 - busy, 2 - busy});
    if (!who) { // those who make way have been sent what they had
      for (Wish& wish : wishes) wish.slot = false;
      continue;
    }
    wishes[*who].slot = true;
    wishes[*who].clock += chunk_bytes;
    longest = std::max(longest, turn - std::exchange(last[*who], turn));
  }
  const auto [least, most] = std::minmax_element(
      wishes.begin(), wishes.end(), [](const Wish& a, const Wish& b) { return a.clock < b.clock; });
  EXPECT_LE(most->clock - least->clock, most_ahead + 2 * chunk_bytes);
  // From as far behind as may be to as far ahead, with the chunk that is on its way.
  EXPECT_LE(longest, 20 * (2 * most_ahead / chunk_bytes + 3));
}

} // namespace
} // namespace p2pd::swarm
