#include "daemon/links/upload_slots.hpp"

#include <gtest/gtest.h>

namespace p2pd::links {
namespace {

constexpr ChunkIndex one{1};
constexpr ChunkIndex two{2};

TEST(Copies, AreCountedAsTheyBegin) {
  Copies copies(3);
  EXPECT_EQ(copies.of(one), 0U);
  copies.begin(one);
  copies.begin(one);
  EXPECT_EQ(copies.of(one), 2U);
  EXPECT_EQ(copies.of(two), 0U);
}

TEST(Copies, HoldTheChunkWhileOneIsOnItsWay) {
  Copies copies(3);
  EXPECT_EQ(copies.held_until(one), io::Time());
  copies.begin(one);
  EXPECT_GT(copies.held_until(one), io::Clock::now());
  EXPECT_EQ(copies.held_until(two), io::Time());
  copies.end(two, true); // which was never begun
  copies.end(one, false);
  EXPECT_LE(copies.held_until(one), io::Clock::now()) << "it was cancelled: nobody has it now";
}

TEST(Copies, HoldItAWhileAfterwards) {
  Copies copies(3);
  const io::Time before = io::Clock::now();
  copies.begin(one);
  while (io::Clock::now() < before + std::chrono::milliseconds(20)) {
  }
  copies.end(one, true);
  const io::Time after = io::Clock::now();
  EXPECT_GT(copies.held_until(one), after);
  EXPECT_LE(copies.held_until(one), after + 2 * (after - before));
}

} // namespace
} // namespace p2pd::links
