// Whole swarms in virtual time: everybody ends with everything, soon, and little is sent twice. The
// bounds stand a tenth or so above what comes out; tests/sim/README.md tells how to look closer.

#include "tests/sim/report.hpp"

#include <gtest/gtest.h>

#include <sstream>

namespace p2pd::sim {
namespace {

Result run(const std::string& text, std::uint64_t seed = 1) {
  std::istringstream in(text);
  Scenario scenario = read_scenario(in);
  scenario.seed = seed;
  World world(scenario);
  const bool complete = world.run(std::chrono::minutes(10));
  return judge(world, "test", complete, 0);
}

// A hundred megabytes in chunks of half of one; the seeder alone sends them once in two seconds.
const std::string fast = "content 100MiB\n"
                         "wire latency 1ms quantum 64KiB congestion off\n"
                         "hosts seeder 1 up 50MB down 50MB seeds\n";
const std::string forty = fast + "hosts leecher 40 up 50MB down 50MB\n";

TEST(SimulatedSwarm, IsTheSameByTheSameSeed) {
  const auto events = [](std::uint64_t seed) { return run(forty, seed).events; };
  const std::uint64_t first = events(3);
  EXPECT_EQ(events(3), first);
  EXPECT_NE(events(4), first);
}

TEST(SimulatedSwarm, FortyGetEverything) {
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    const Result result = run(forty, seed);
    EXPECT_TRUE(result.complete);
    EXPECT_LE(result.score(), 1.6);
    EXPECT_LE(result.copies, 1.5);
    EXPECT_LE(result.twice, 0.05);
  }
}

// A fifth of them, at an eighth of the speed.
TEST(SimulatedSwarm, NobodyWaitsForTheSlow) {
  const Result result = run(fast + "hosts leecher 30 up 50MB down 50MB\n"
                                   "hosts slow 8 up 6MB down 50MB\n");
  EXPECT_TRUE(result.complete);
  EXPECT_LE(result.last, 4.5);
}

TEST(SimulatedSwarm, TheRestGetsEverythingWhenSomeLeave) {
  const Result result = run(fast + "hosts leecher 40 up 50MB down 50MB\n"
                                   "hosts leaver 10 up 50MB down 50MB leaves 1.2s..1.5s\n");
  EXPECT_TRUE(result.complete);
  EXPECT_LE(result.last, 4);
}

TEST(SimulatedSwarm, ThoseWhoTakeRequestsAndAnswerNoneHoldUpNobodyForLong) {
  const Result result = run(fast + "hosts leecher 45 up 50MB down 50MB\n"
                                   "hosts mute 5 up 50MB down 50MB mutes 1s..1.5s\n");
  EXPECT_TRUE(result.complete);
  EXPECT_LE(result.last, 6);
}

// All want the same chunks at the same time, so that there is less to give each other.
TEST(SimulatedSwarm, GetsEverythingInOrderToo) {
  const Result result = run(fast + "hosts leecher 20 up 50MB down 50MB\norder in-order\n");
  EXPECT_TRUE(result.complete);
  EXPECT_LE(result.last, 14);
}

TEST(SimulatedSwarm, LivesOnWithoutItsSeederOnceItHasSentAll) {
  const Result result = run("content 100MiB\n"
                            "wire latency 1ms quantum 64KiB congestion off\n"
                            "hosts seeder 1 up 50MB down 50MB seeds leaves 5s\n"
                            "hosts leecher 20 up 20MB down 20MB\n");
  EXPECT_TRUE(result.complete);
  EXPECT_GT(result.last, 5);
}

// On thin links, with chunks as a content of that size has them.
const std::string sixteen = "content 32MiB\n"
                            "chunk 64KiB\n"
                            "hosts seeder 1 up 20Mbit down 20Mbit seeds\n"
                            "hosts leecher 16 up 20Mbit down 20Mbit\n";

TEST(SimulatedSwarm, SixteenOnThinLinksAreNearTheBound) {
  const Result result = run(sixteen);
  EXPECT_TRUE(result.complete);
  EXPECT_LE(result.score(), 1.25);
  EXPECT_LE(result.copies, 1.17);
}

// The last counts from when it joined.
TEST(SimulatedSwarm, ALatecomerIsSoonDoneAndCostsOthersHardlyAnything) {
  const Result without = run(sixteen);
  const Result with = run(sixteen + "hosts late 1 up 20Mbit down 20Mbit joins 14s\n");
  EXPECT_TRUE(with.complete);
  EXPECT_LE(with.last, 1.03 * without.last);
  EXPECT_LE(with.median, 1.02 * without.median);
}

// What a part of the policy is worth: without it a swarm misses what it reaches with it.
const std::string with_mutes = "content 32MiB\n"
                               "hosts seeder 1 up 20Mbit down 20Mbit seeds\n"
                               "hosts leecher 16 up 20Mbit down 20Mbit\n"
                               "hosts mute 2 up 20Mbit down 20Mbit mutes 5s..8s\n";

TEST(LesserSwarm, SendsMoreCopiesWithoutHolds) {
  EXPECT_GT(run(with_mutes + "lacks holds\n").copies, 1.2 * run(with_mutes).copies);
}

TEST(LesserSwarm, IsFurtherFromTheBoundWithoutHolds) {
  EXPECT_GT(run(sixteen + "lacks holds\n").score(), 1.05 * run(sixteen).score());
}

TEST(LesserSwarm, IsFurtherFromTheBoundWithoutRefusals) {
  const std::string four = "content 16MiB\n"
                           "chunk 64KiB\n"
                           "hosts seeder 1 up 50Mbit down 50Mbit seeds\n"
                           "hosts leecher 4 up 50Mbit down 50Mbit\n";
  const Result reached = run(four), result = run(four + "lacks refusals\n");
  EXPECT_GT(result.score(), 1.05 * reached.score());
  EXPECT_GT(result.copies, 1.05 * reached.copies);
}

TEST(LesserSwarm, IsFurtherFromTheBoundWithAFixedWindow) {
  const std::string wide = "content 100MiB\n"
                           "wire latency 20ms quantum 64KiB congestion off\n"
                           "hosts seeder 1 up 50MB down 50MB seeds\n"
                           "hosts leecher 2 up 50MB down 50MB\n";
  EXPECT_GT(run(wide + "lacks window=1\n").score(), 1.5 * run(wide).score());
}

const std::string thin = "content 16MiB\n"
                         "chunk 64KiB\n"
                         "hosts seeder 1 up 10Mbit down 10Mbit seeds\n"
                         "hosts leecher 12 up 100Mbit down 100Mbit\n";

TEST(SimulatedSwarm, AThinSeederSendsHardlyAnythingTwice) {
  const Result result = run(thin);
  EXPECT_LE(result.score(), 1.12);
  EXPECT_LE(result.copies, 1.05);
}

// The seeder is at one of them; headers, which cost 5 %, count.
TEST(SimulatedSwarm, ALineBetweenTwoSitesCarriesOneCopy) {
  const Result result = run("content 32MiB\n"
                            "chunk 64KiB\n"
                            "wire latency 0.1ms between-sites 5ms\n"
                            "site one up 20Mbit down 20Mbit\n"
                            "site two up 20Mbit down 20Mbit\n"
                            "hosts seeder 1 up 100Mbit down 100Mbit seeds site one\n"
                            "hosts leecher 6 up 100Mbit down 100Mbit site one\n"
                            "hosts remote 6 up 100Mbit down 100Mbit site two\n");
  EXPECT_TRUE(result.complete);
  EXPECT_LE(result.crossing, 1.1);
  EXPECT_LE(result.score(), 1.2);
}

TEST(LesserSwarm, IsFurtherFromTheBoundWithoutRaces) {
  EXPECT_GT(run(thin + "lacks races\n").score(), 1.05 * run(thin).score());
}

TEST(LesserSwarm, WaitsForTheMuteWithoutRaces) {
  EXPECT_FALSE(run(with_mutes + "lacks races\n").complete);
}

} // namespace
} // namespace p2pd::sim
