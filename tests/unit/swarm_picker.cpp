#include "daemon/swarm/picker.hpp"

#include <algorithm>
#include <ctime>
#include <gtest/gtest.h>

namespace p2pd::swarm {
namespace {

ChunkSet set_of(std::uint32_t chunks, std::initializer_list<std::uint32_t> held) {
  ChunkSet set(chunks);
  for (const std::uint32_t chunk : held) set.add(ChunkIndex{chunk});
  return set;
}

// From a source that was not added.
std::vector<std::uint32_t> pick_all(Picker& picker, const ChunkSet& has) {
  std::vector<std::uint32_t> order;
  while (const auto chunk = picker.pick(has, false)) order.push_back(number(*chunk));
  return order;
}

TEST(Picker, TakesEveryChunkOnce) {
  Picker picker(ChunkSet(100, true), Order::rarest_first, 1);
  EXPECT_EQ(picker.open(), 100U);
  EXPECT_EQ(picker.missing(), 100U);
  std::vector<std::uint32_t> order = pick_all(picker, ChunkSet(100, true));
  EXPECT_FALSE(std::is_sorted(order.begin(), order.end())); // they come at random
  std::sort(order.begin(), order.end());
  for (std::uint32_t i = 0; i < 100; ++i) {
    EXPECT_EQ(order[i], i);
    EXPECT_TRUE(picker.is_taken(ChunkIndex{i}));
  }
  EXPECT_EQ(picker.open(), 0U);
  EXPECT_EQ(picker.missing(), 100U);
}

TEST(Picker, HasNothingToTakeOfAnEmptyContent) {
  Picker picker(ChunkSet(0, true), Order::rarest_first, 1);
  EXPECT_EQ(picker.missing(), 0U);
  EXPECT_FALSE(picker.pick(ChunkSet(0, true), false));
}

TEST(Picker, TakesOnlyWhatTheSourceHas) {
  Picker picker(ChunkSet(100, true), Order::rarest_first, 1);
  std::vector<std::uint32_t> order = pick_all(picker, set_of(100, {3, 64, 99}));
  std::sort(order.begin(), order.end());
  EXPECT_EQ(order, (std::vector<std::uint32_t>{3, 64, 99}));
  EXPECT_FALSE(picker.pick(ChunkSet(100), false));
}

TEST(Picker, TakesOnlyWhatIsWanted) {
  for (const Order order : {Order::rarest_first, Order::in_order}) {
    Picker picker(set_of(100, {3, 64, 99}), order, 1);
    EXPECT_EQ(picker.open(), 3U);
    picker.got(ChunkIndex{5}); // it is here, but nobody waits for it
    EXPECT_TRUE(picker.is_got(ChunkIndex{5}));
    EXPECT_EQ(picker.missing(), 3U);
    picker.add_source(set_of(100, {4, 64}));
    std::vector<std::uint32_t> taken = pick_all(picker, ChunkSet(100, true));
    std::sort(taken.begin(), taken.end());
    EXPECT_EQ(taken, (std::vector<std::uint32_t>{3, 64, 99}));
    EXPECT_EQ(picker.open(), 0U);
    EXPECT_EQ(picker.missing(), 3U);
    EXPECT_FALSE(picker.is_got(ChunkIndex{4}));
  }
}

TEST(Picker, TakesTheLowestFirst) {
  Picker picker(ChunkSet(6, true), Order::in_order, 1);
  const ChunkSet whole(6, true);
  picker.add_source(set_of(6, {1, 4, 5}));
  picker.got(ChunkIndex{0});
  EXPECT_EQ(picker.pick(whole, false), ChunkIndex{1});
  EXPECT_EQ(picker.pick(set_of(6, {1, 4, 5}), true), ChunkIndex{4});
  EXPECT_EQ(picker.pick(whole, false), ChunkIndex{2});
  picker.put_back(ChunkIndex{1});
  EXPECT_EQ(pick_all(picker, whole), (std::vector<std::uint32_t>{1, 3, 5}));
}

// Such a source need not be looked for among the chunks of which there is no copy.
TEST(Picker, TakesFromACountedSource) {
  Picker picker(ChunkSet(6, true), Order::rarest_first, 1);
  ChunkSet has = set_of(6, {1, 2});
  picker.add_source(has);
  picker.add_source(set_of(6, {2}));
  EXPECT_EQ(picker.pick(has, true), ChunkIndex{1});
  EXPECT_EQ(picker.pick(has, true), ChunkIndex{2});
  EXPECT_FALSE(picker.pick(has, true));
  has.add(ChunkIndex{5});
  picker.source_gained(ChunkIndex{5});
  EXPECT_EQ(picker.pick(has, true), ChunkIndex{5});
}

TEST(Picker, TakesTheRarestFirst) {
  Picker picker(ChunkSet(6, true), Order::rarest_first, 1);
  picker.add_source(set_of(6, {0, 1, 2, 3, 4}));
  picker.add_source(set_of(6, {0, 1, 2, 3}));
  picker.add_source(set_of(6, {0, 1, 2}));
  picker.add_source(set_of(6, {0, 1}));
  picker.add_source(set_of(6, {0}));
  EXPECT_EQ(pick_all(picker, ChunkSet(6, true)), (std::vector<std::uint32_t>{5, 4, 3, 2, 1, 0}));
}

TEST(Picker, FollowsSourcesThatComeAndGoAndGrow) {
  Picker picker(ChunkSet(3, true), Order::rarest_first, 1);
  const ChunkSet whole(3, true);
  const ChunkSet first = set_of(3, {0, 1});
  picker.add_source(first);
  EXPECT_EQ(picker.pick(whole, false), ChunkIndex{2});
  picker.put_back(ChunkIndex{2});
  picker.source_gained(ChunkIndex{2}); // now 1 1 1
  picker.source_gained(ChunkIndex{0}); // of another one: 2 1 1
  picker.source_gained(ChunkIndex{2}); // 2 1 2
  EXPECT_EQ(picker.pick(whole, false), ChunkIndex{1});
  picker.put_back(ChunkIndex{1});
  picker.remove_source(first); // 1 0 2
  EXPECT_EQ(pick_all(picker, whole), (std::vector<std::uint32_t>{1, 0, 2}));
}

// What is under way counts its copies too, and takes its right place when it is put back.
TEST(Picker, CountsCopiesOfWhatIsTaken) {
  Picker picker(ChunkSet(2, true), Order::rarest_first, 1);
  const ChunkSet whole(2, true);
  const std::uint32_t taken = number(*picker.pick(whole, false));
  const std::uint32_t other = 1 - taken;
  picker.source_gained(ChunkIndex{taken});
  picker.put_back(ChunkIndex{taken});
  EXPECT_EQ(pick_all(picker, whole), (std::vector<std::uint32_t>{other, taken}));
  picker.put_back(ChunkIndex{taken});
  picker.put_back(ChunkIndex{other});
  picker.source_lost(ChunkIndex{taken});
  picker.source_gained(ChunkIndex{other});
  EXPECT_EQ(pick_all(picker, whole), (std::vector<std::uint32_t>{taken, other}));
}

TEST(Picker, WhatIsThereIsNeverTakenAgain) {
  Picker picker(ChunkSet(4, true), Order::rarest_first, 1);
  const ChunkSet whole(4, true);
  const ChunkIndex taken = *picker.pick(whole, false);
  picker.got(taken);
  picker.got(taken); // twice is once
  EXPECT_TRUE(picker.is_got(taken));
  EXPECT_FALSE(picker.is_taken(taken));
  EXPECT_EQ(picker.missing(), 3U);
  const ChunkIndex open{number(taken) == 0 ? 1U : 0U};
  picker.got(open); // it was on disk already
  EXPECT_EQ(picker.missing(), 2U);
  EXPECT_EQ(picker.open(), 2U);
  for (const std::uint32_t chunk : pick_all(picker, whole))
    EXPECT_TRUE(chunk != number(taken) && chunk != number(open));
  picker.source_gained(taken); // others may still gain and lose it
  picker.source_lost(taken);
  EXPECT_FALSE(picker.pick(whole, false));
}

// Each equally rare chunk comes equally often: expected is 1000 times, and five standard deviations
// are 153.
TEST(Picker, BreaksTiesAlike) {
  constexpr std::uint32_t chunks = 16;
  Picker picker(ChunkSet(chunks, true), Order::rarest_first, 7);
  picker.got(ChunkIndex{3});
  std::vector<int> times(chunks);
  for (int i = 0; i < 15 * 1000; ++i) {
    const auto chunk = picker.pick(ChunkSet(chunks, true), false);
    ++times[number(*chunk)];
    picker.put_back(*chunk);
  }
  for (std::uint32_t i = 0; i < chunks; ++i) {
    if (i == 3)
      EXPECT_EQ(times[i], 0);
    else
      EXPECT_NEAR(times[i], 1000, 155) << i;
  }
}

TEST(Picker, RepeatsItselfWithTheSameSeedOnly) {
  const ChunkSet whole(200, true);
  Picker one(whole, Order::rarest_first, 1), same(whole, Order::rarest_first, 1),
      other(whole, Order::rarest_first, 2);
  const auto order = pick_all(one, whole);
  EXPECT_EQ(pick_all(same, whole), order);
  EXPECT_NE(pick_all(other, whole), order);
}

// Processor seconds of a pick from a content of so many chunks. With 64 times as many, a pick that
// looked at each of them would take 64 times as long.
//
// Of a whole source: the lowest open chunk is not looked for from the start.
double seconds_of_picking_in_order(std::uint32_t chunks) {
  Picker picker(ChunkSet(chunks, true), Order::in_order, 1);
  const ChunkSet whole(chunks, true);
  const std::clock_t start = std::clock();
  for (std::uint32_t i = 0; i < chunks; ++i) {
    EXPECT_EQ(picker.pick(whole, false), ChunkIndex{i});
    if (i % 2 == 0) picker.got(ChunkIndex{i});
  }
  return static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC / chunks;
}

TEST(Picker, PicksInOrderInConstantTime) {
  EXPECT_LT(seconds_of_picking_in_order(131'072), 16 * seconds_of_picking_in_order(2048));
}

// The same with partial sources of all kinds.
double seconds_of_picking(std::uint32_t chunks) {
  Picker picker(ChunkSet(chunks, true), Order::rarest_first, 1);
  std::mt19937_64 random(1);
  ChunkSet some(chunks);
  for (std::uint32_t i = 0; i < chunks; ++i)
    if (random() % 2 == 0) some.add(ChunkIndex{i});
  for (int i = 0; i < 10; ++i) picker.add_source(some);
  const ChunkSet whole(chunks, true);
  std::vector<ChunkIndex> taken;
  const std::clock_t start = std::clock();
  for (int i = 0; i < 100'000; ++i) {
    taken.push_back(*picker.pick(whole, false));
    picker.source_gained(ChunkIndex{static_cast<std::uint32_t>(random() % chunks)});
    if (taken.size() < 1000) continue;
    for (const ChunkIndex chunk : taken) picker.put_back(chunk);
    taken.clear();
  }
  return static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC / 100'000;
}

TEST(Picker, PicksInConstantTime) {
  EXPECT_LT(seconds_of_picking(131'072), 16 * seconds_of_picking(2048));
}

TEST(Picker, TakesWhatIsOnItsWayToAnotherAfterWhatNobodyHas) {
  Picker picker(ChunkSet(4, true), Order::rarest_first, 1);
  EXPECT_FALSE(picker.is_elsewhere(ChunkIndex{2}, false));
  for (int twice = 0; twice < 2; ++twice) picker.sent_elsewhere(ChunkIndex{2});
  EXPECT_TRUE(picker.is_elsewhere(ChunkIndex{2}, false));
  picker.add_source(set_of(4, {0, 1}));
  picker.source_gained(ChunkIndex{2}); // the one that was expected to
  picker.add_source(set_of(4, {0, 1}));
  EXPECT_FALSE(picker.is_elsewhere(ChunkIndex{3}, false));
  EXPECT_EQ(picker.pick(ChunkSet(4, true), false), ChunkIndex{3});
  EXPECT_EQ(picker.pick(ChunkSet(4, true), false), ChunkIndex{2});
}

TEST(Picker, KnowsThatACountedSourceIsNotTheOnlyOne) {
  Picker picker(ChunkSet(4, true), Order::rarest_first, 1);
  picker.add_source(set_of(4, {0, 1}));
  EXPECT_FALSE(picker.is_elsewhere(ChunkIndex{0}, true));
  EXPECT_TRUE(picker.is_elsewhere(ChunkIndex{0}, false));
  picker.add_source(set_of(4, {0}));
  EXPECT_TRUE(picker.is_elsewhere(ChunkIndex{0}, true));
  picker.sent_elsewhere(ChunkIndex{1}); // by itself
  EXPECT_TRUE(picker.is_elsewhere(ChunkIndex{1}, true));
}

} // namespace
} // namespace p2pd::swarm
