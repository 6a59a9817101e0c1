#include "daemon/net/dial_schedule.hpp"

#include <gtest/gtest.h>

namespace p2pd::net {
namespace {

using io::milliseconds;

constexpr io::Time start{};

io::Time after(int ms) {
  return start + milliseconds(ms);
}

// What is due now, in its order.
std::vector<std::size_t> all_due(DialSchedule& schedule, io::Time now) {
  std::vector<std::size_t> started;
  while (const auto next = schedule.due(now)) started.push_back(*next);
  return started;
}

using Order = std::vector<std::size_t>;

// When each of `count` addresses is tried, where none of them answers, in ms.
std::vector<long> times(std::size_t count) {
  DialSchedule schedule(start);
  for (std::size_t i = 0; i < count; ++i) schedule.add({.rank = i});
  std::vector<long> times;
  io::Time now = start;
  while (times.size() < count) {
    for (std::size_t i = all_due(schedule, now).size(); i > 0; --i)
      times.push_back(std::chrono::duration_cast<milliseconds>(now - start).count());
    schedule.falls_behind(now);
    if (!schedule.wake()) break;
    now = *schedule.wake();
    while (schedule.expired(now)) {
    }
  }
  return times;
}

TEST(DialSchedule, StartsTheFirstAtOnceAndTheOthersFasterAndFaster) {
  EXPECT_EQ(times(6), (std::vector<long>{0, 250, 375, 437, 468, 483}));
}

TEST(DialSchedule, TriesTheFifteenthWithinASecond) {
  EXPECT_LT(times(15).back(), 700);
}

TEST(DialSchedule, GoesOnAtOnceAfterAFailure) {
  DialSchedule schedule(start);
  for (std::size_t i = 0; i < 3; ++i) schedule.add({.rank = i});
  EXPECT_EQ(all_due(schedule, after(0)), Order{0});
  EXPECT_EQ(all_due(schedule, after(10)), Order{});
  schedule.failed(0, after(20));
  EXPECT_EQ(all_due(schedule, after(20)), Order{1});
  EXPECT_EQ(all_due(schedule, after(30)), Order{});
  EXPECT_FALSE(schedule.exhausted());
  schedule.failed(1, after(40));
  EXPECT_EQ(all_due(schedule, after(40)), Order{2});
  schedule.failed(2, after(50));
  EXPECT_TRUE(schedule.exhausted());
}

TEST(DialSchedule, AlternatesBetweenTheFamilies) {
  DialSchedule schedule(start);
  for (const bool v6 : {false, false, false, true, true}) schedule.add({.rank = 0, .v6 = v6});
  Order order;
  for (int i = 0; i < 5; ++i) {
    const auto next = schedule.due(after(i));
    ASSERT_TRUE(next);
    order.push_back(*next);
    schedule.failed(*next, after(i));
  }
  EXPECT_EQ(order, (Order{0, 3, 1, 4, 2}));
}

TEST(DialSchedule, PrefersItsOwnNetworksAndThenTheOrderOfTheList) {
  DialSchedule schedule(start);
  schedule.add({.rank = 2});
  schedule.add({.rank = 3, .near = true});
  schedule.add({.rank = 1});
  Order order;
  for (int i = 0; i < 3; ++i) {
    order.push_back(*schedule.due(after(i)));
    schedule.failed(order.back(), after(i));
  }
  EXPECT_EQ(order, (Order{1, 2, 0}));
}

TEST(DialSchedule, TakesAddressesThatComeLater) {
  DialSchedule schedule(start);
  EXPECT_EQ(all_due(schedule, after(0)), Order{});
  schedule.add({});
  EXPECT_EQ(all_due(schedule, after(900)), Order{0});
}

TEST(DialSchedule, BoundsWhatRunsAtOnceAndHowLong) {
  DialSchedule schedule(start);
  for (std::size_t i = 0; i < DialSchedule::most_at_once + 1; ++i) schedule.add({.rank = i});
  io::Time now = start;
  std::size_t started = 0;
  while (started < DialSchedule::most_at_once) {
    started += all_due(schedule, now).size();
    now += milliseconds(10);
  }
  EXPECT_EQ(all_due(schedule, now + milliseconds(500)), Order{});
  ASSERT_TRUE(schedule.wake());
  const io::Time over = start + DialSchedule::patience;
  EXPECT_FALSE(schedule.expired(over - milliseconds(1)));
  EXPECT_EQ(schedule.expired(over), 0U);
  EXPECT_EQ(all_due(schedule, over), Order{DialSchedule::most_at_once});
}

TEST(DialSchedule, TriesOneAtATimeInACrowd) {
  DialSchedule schedule(start);
  schedule.add({.rank = 0});
  schedule.add({.rank = 1});
  EXPECT_EQ(schedule.due(after(0), true), 0U);
  EXPECT_TRUE(schedule.falls_behind(after(250)));
  EXPECT_FALSE(schedule.due(after(250), true));
  EXPECT_EQ(schedule.wake(), after(500));
  schedule.failed(0, after(300));
  EXPECT_EQ(schedule.due(after(300), true), 1U);
}

TEST(DialSchedule, WithdrawsTheOthersOnceOneHasProvedItself) {
  DialSchedule schedule(start);
  for (std::size_t i = 0; i < 3; ++i) schedule.add({.rank = i});
  all_due(schedule, after(0));
  all_due(schedule, after(250));
  EXPECT_EQ(schedule.proved(1, after(260)), Order{0});
  EXPECT_TRUE(schedule.has_proved());
  EXPECT_EQ(all_due(schedule, after(2000)), Order{});
  EXPECT_EQ(schedule.wake(), after(260) + DialSchedule::patience);
  schedule.failed(1, after(2100));
  EXPECT_EQ(all_due(schedule, after(2100)), Order{0});
}

TEST(DialSchedule, TellsOnceThatItFallsBehind) {
  DialSchedule slow(start);
  slow.add({});
  slow.add({});
  all_due(slow, after(0));
  EXPECT_FALSE(slow.falls_behind(after(249)));
  EXPECT_TRUE(slow.falls_behind(after(250)));
  EXPECT_FALSE(slow.falls_behind(after(251)));

  DialSchedule refused(start);
  refused.add({});
  refused.add({});
  all_due(refused, after(0));
  refused.failed(0, after(5));
  EXPECT_TRUE(refused.falls_behind(after(5)));

  DialSchedule unresolved(start); // no address is known yet
  EXPECT_EQ(unresolved.wake(), after(250));
  EXPECT_TRUE(unresolved.falls_behind(after(250)));
  EXPECT_FALSE(unresolved.wake());
}

} // namespace
} // namespace p2pd::net
