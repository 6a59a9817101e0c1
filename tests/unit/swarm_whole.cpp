// Fifty peers and one seeder: everybody ends with everything, soon, and little is sent twice.

#include "tests/unit/swarm_toy.hpp"

#include <gtest/gtest.h>

namespace p2pd::swarm {
namespace {

void run(ToySwarm& swarm, std::size_t limit) {
  while (!swarm.complete() && swarm.turns() < limit) {
    swarm.advance();
    if (swarm.turns() % 50 == 0) swarm.check();
  }
  EXPECT_TRUE(swarm.complete());
  swarm.check();
  EXPECT_LE(swarm.wasted(), 0.05);
}

// The seeder alone needs 100 turns to send every chunk once; at best, all have them soon after.
TEST(ToySwarm, FiftyPeersGetEverything) {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    ToySwarm swarm(50, 6, seed);
    run(swarm, 1000);
    EXPECT_LT(swarm.turns(), 140U) << seed;
    EXPECT_LE(swarm.seeded(), 1.3) << seed;
  }
}

// A fifth of the peers, and an eighth of the speed.
TEST(ToySwarm, NobodyWaitsForTheSlow) {
  ToySwarm swarm(50, 6, 7);
  for (std::size_t peer = 5; peer <= 50; peer += 5) swarm.slow(peer);
  run(swarm, 1000);
  EXPECT_LT(swarm.turns(), 170U);
}

TEST(ToySwarm, TheRestGetsEverythingWhenSomeLeave) {
  ToySwarm swarm(50, 6, 9);
  while (swarm.turns() < 60) swarm.advance();
  for (std::size_t gone = 5; gone <= 50; gone += 5) swarm.leave(gone);
  swarm.check();
  run(swarm, 1000);
  EXPECT_LT(swarm.turns(), 160U);
}

TEST(ToySwarm, ThoseWhoTakeRequestsAndAnswerNoneHoldUpNobodyForLong) {
  ToySwarm swarm(50, 6, 11);
  while (swarm.turns() < 60) swarm.advance();
  for (std::size_t peer = 3; peer <= 50; peer += 9) swarm.silence(peer);
  run(swarm, 1000);
  EXPECT_LT(swarm.turns(), 160U);
}

// All want the same chunks at the same time, so that there is less to give each other.
TEST(ToySwarm, GetsEverythingInOrderToo) {
  ToySwarm swarm(20, 5, 17, Order::in_order);
  run(swarm, 1000);
  EXPECT_LT(swarm.turns(), 250U);
}

// A content that nobody has whole, but all together.
TEST(ToySwarm, LivesOnWithoutItsSeederOnceItHasSentAll) {
  ToySwarm swarm(20, 5, 13);
  while (swarm.seeder_is_needed()) swarm.advance();
  EXPECT_FALSE(swarm.complete());
  swarm.leave(0);
  run(swarm, 1000);
  EXPECT_LT(swarm.turns(), 160U);
}

} // namespace
} // namespace p2pd::swarm
