#include "daemon/swarm/copies.hpp"

#include <gtest/gtest.h>

namespace p2pd::swarm {
namespace {

using std::chrono::milliseconds;

constexpr ChunkIndex one{1};
constexpr ChunkIndex two{2};
constexpr Time beginning = Time() + std::chrono::hours(1);

TEST(Copies, AreCountedAsTheyBegin) {
  Copies copies(3);
  EXPECT_EQ(copies.of(one), 0U);
  copies.begin(one, beginning);
  copies.begin(one, beginning);
  EXPECT_EQ(copies.of(one), 2U);
  EXPECT_EQ(copies.of(two), 0U);
}

TEST(Copies, HoldTheChunkWhileOneIsOnItsWay) {
  Copies copies(3);
  EXPECT_EQ(copies.held_until(one), Time());
  copies.begin(one, beginning);
  EXPECT_EQ(copies.held_until(one), beginning + std::chrono::seconds(3));
  EXPECT_EQ(copies.held_until(two), Time());
  copies.end(two, true, beginning); // which was never begun
  copies.end(one, false, beginning + milliseconds(5));
  EXPECT_EQ(copies.held_until(one), beginning + milliseconds(5)) << "cancelled: nobody has it now";
}

TEST(Copies, HoldItTwiceAsLongAsItTook) {
  Copies copies(3);
  copies.begin(one, beginning);
  copies.end(one, true, beginning + milliseconds(20));
  EXPECT_EQ(copies.held_until(one), beginning + milliseconds(60));
  copies.begin(two, beginning);
  copies.end(two, true, beginning + milliseconds(1500));
  EXPECT_EQ(copies.held_until(two), beginning + milliseconds(3500)) << "two seconds at most";
}

TEST(Copies, TellWhatWasSentOnceThereIsEnoughNews) {
  Copies copies(100);
  std::uint32_t told = 0;
  for (std::uint32_t i = 0; i < 15; ++i) copies.begin(ChunkIndex{i}, beginning);
  copies.begin(one, beginning);
  EXPECT_FALSE(copies.news(told)) << "a second copy is no news";
  copies.begin(ChunkIndex{99}, beginning);
  const auto news = copies.news(told);
  ASSERT_TRUE(news);
  EXPECT_EQ(news->count(), 16U);
  EXPECT_TRUE(news->has(ChunkIndex{99}));
  EXPECT_EQ(told, 16U);
  EXPECT_FALSE(copies.news(told));
  for (std::uint32_t i = 20; i < 36; ++i) copies.begin(ChunkIndex{i}, beginning);
  EXPECT_EQ(copies.news(told)->count(), 32U) << "all of it";

  Copies large(6400);
  told = 0;
  for (std::uint32_t i = 0; i < 99; ++i) large.begin(ChunkIndex{i}, beginning);
  EXPECT_FALSE(large.news(told));
  large.begin(ChunkIndex{99}, beginning);
  EXPECT_TRUE(large.news(told));
}

TEST(Copies, KnowWhoWaits) {
  Copies copies(3);
  const auto waiting = [&](ChunkIndex chunk) {
    std::vector<Taker> all;
    copies.each_waiting(chunk, [&](Taker taker) { all.push_back(taker); });
    return all;
  };
  copies.await(one, Taker{4});
  copies.await(one, Taker{4});
  copies.settle(two, Taker{4});
  copies.settle(one, Taker{4});
  EXPECT_EQ(waiting(one), std::vector{Taker{4}});
  copies.settle(one, Taker{4});
  EXPECT_TRUE(waiting(one).empty());
}

} // namespace
} // namespace p2pd::swarm
