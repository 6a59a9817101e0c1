#include "daemon/swarm/pipeline.hpp"
#include "daemon/swarm/race.hpp"

#include <gtest/gtest.h>

namespace p2pd::swarm {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::uint32_t chunk = 512 * 1024;

// A pipeline and its clock, which stands still unless it is moved.
struct Path {
  explicit Path(std::uint32_t chunk_size = chunk) : pipeline(chunk_size) {}

  // Takes in `rate` bytes a second for a while, in pieces of a hundredth of a second.
  void receive(double rate, milliseconds time) {
    for (milliseconds at{}; at < time; at += milliseconds(10)) {
      wait(milliseconds(10));
      pipeline.received(static_cast<std::uint64_t>(rate / 100), now);
    }
  }
  void wait(milliseconds time) {
    now += time;
    pipeline.waited(time);
  }
  void ask(std::uint32_t requests) {
    for (std::uint32_t i = 0; i < requests; ++i) pipeline.asked(now);
  }

  Pipeline pipeline;
  Time now = Time() + seconds(1000);
};

TEST(Pipeline, BeginsWithAFewRequests) {
  Path path;
  EXPECT_EQ(path.pipeline.in_flight(), 0U);
  EXPECT_EQ(path.pipeline.window(), 4U);
  EXPECT_EQ(path.pipeline.rate(), 0);
  for (int i = 0; i < 4; ++i) {
    EXPECT_TRUE(path.pipeline.room());
    path.pipeline.asked(path.now);
  }
  EXPECT_FALSE(path.pipeline.room());
  path.pipeline.ended(path.now);
  EXPECT_EQ(path.pipeline.in_flight(), 3U);
  EXPECT_TRUE(path.pipeline.room());
}

TEST(Pipeline, CoversThePathAsItWasMeasured) {
  Path path;
  path.ask(4);
  path.pipeline.measured(milliseconds(70));
  path.receive(100e6, seconds(10));
  EXPECT_NEAR(path.pipeline.rate(), 100e6, 1e6);
  // 100 MB/s over 70 ms and 30 ms in reserve are 10 MB, 19 whole chunks; and one that is being
  // received, one that is being asked for.
  EXPECT_EQ(path.pipeline.window(), 21U);
}

TEST(Pipeline, WhatIsVeryFastNeedsNoMoreInReserve) {
  Path path;
  path.ask(4);
  path.receive(1e9, seconds(10));
  EXPECT_EQ(path.pipeline.window(), 18U); // 8 MiB and two
  path.pipeline.measured(milliseconds(50));
  EXPECT_EQ(path.pipeline.window(), 113U) << "but all that the path takes";
}

TEST(Pipeline, GrowsWithTheRateAndWithTheDelay) {
  std::uint32_t before = 0;
  for (const double rate : {1e6, 50e6, 200e6, 800e6}) {
    Path path;
    path.ask(1);
    path.pipeline.measured(milliseconds(10));
    path.receive(rate, seconds(10));
    EXPECT_GT(path.pipeline.window(), before);
    before = path.pipeline.window();
  }
  before = 0;
  for (const int delay : {1, 50, 200}) {
    Path path;
    path.ask(1);
    path.pipeline.measured(milliseconds(delay));
    path.receive(100e6, seconds(10));
    EXPECT_GT(path.pipeline.window(), before);
    before = path.pipeline.window();
  }
}

TEST(Pipeline, StaysWithinItsBounds) {
  Path slow, fast(16 * 1024);
  slow.ask(1);
  slow.pipeline.measured(seconds(1));
  slow.receive(1000, seconds(10));
  EXPECT_EQ(slow.pipeline.window(), 1U);
  fast.ask(1);
  fast.pipeline.measured(seconds(1));
  fast.receive(10e9, seconds(10));
  EXPECT_EQ(fast.pipeline.window(), 128U);
}

TEST(Pipeline, TakesTheShortestDelay) {
  Path once, often;
  for (Path* path : {&once, &often}) path->ask(1);
  once.pipeline.measured(milliseconds(20));
  for (const int delay : {500, 20, 3000}) often.pipeline.measured(milliseconds(delay));
  for (Path* path : {&once, &often}) path->receive(500e6, seconds(10));
  EXPECT_EQ(often.pipeline.window(), once.pipeline.window());
}

TEST(Pipeline, FollowsTheRateSmoothly) {
  Path path;
  path.ask(4);
  path.receive(100e6, milliseconds(100));
  EXPECT_NEAR(path.pipeline.rate(), 100e6, 1); // the first sample counts whole
  path.receive(200e6, milliseconds(100));
  EXPECT_NEAR(path.pipeline.rate(), 130e6, 1);
  path.receive(0, milliseconds(100));
  EXPECT_NEAR(path.pipeline.rate(), 91e6, 1);
  path.receive(0, seconds(10));
  EXPECT_LT(path.pipeline.rate(), 1); // it dries up
  EXPECT_EQ(path.pipeline.window(), 1U);
}

TEST(Pipeline, ASlowSourceIsAskedForWhatItSendsInTwoSeconds) {
  Path path;
  EXPECT_FALSE(path.pipeline.slow()) << "nothing is known of it";
  path.ask(4);
  path.receive(40e3, seconds(10));
  EXPECT_TRUE(path.pipeline.slow());
  EXPECT_EQ(path.pipeline.window(), 1U);
  path.receive(600e3, seconds(10));
  EXPECT_FALSE(path.pipeline.slow());
  EXPECT_EQ(path.pipeline.window(), 2U);
  path.receive(1.2e6, seconds(10));
  EXPECT_EQ(path.pipeline.window(), 4U);
}

TEST(Pipeline, MeasuresOverASampleAndNotOverABurst) {
  Path path;
  path.ask(1);
  path.pipeline.received(1'000'000, path.now); // all at once: no time has passed
  EXPECT_EQ(path.pipeline.rate(), 0);
  path.now += milliseconds(99);
  path.pipeline.received(1'000'000, path.now);
  EXPECT_EQ(path.pipeline.rate(), 0);
  path.now += milliseconds(1);
  path.pipeline.received(0, path.now);
  EXPECT_NEAR(path.pipeline.rate(), 20e6, 1);
}

TEST(Pipeline, AShortExchangeTellsTheRate) {
  Path path;
  path.ask(1);
  path.now += milliseconds(10);
  path.pipeline.received(chunk, path.now);
  path.pipeline.ended(path.now);
  EXPECT_NEAR(path.pipeline.rate(), chunk / 0.01, 1);
  path.ask(1);
  path.now += milliseconds(10);
  path.pipeline.received(chunk / 2, path.now);
  path.pipeline.ended(path.now); // cut off: it tells nothing
  EXPECT_NEAR(path.pipeline.rate(), chunk / 0.01, 1);
  path.ask(1);
  path.pipeline.received(chunk, path.now); // at once: no faster than can be told
  path.pipeline.ended(path.now);
  EXPECT_LT(path.pipeline.rate(), chunk / 0.001);
}

TEST(Pipeline, DoesNotCountAPauseAsSlowness) {
  Path path;
  path.ask(1);
  path.receive(100e6, seconds(10));
  const double before = path.pipeline.rate();
  path.pipeline.ended(path.now);
  path.now += seconds(60); // nothing was asked
  path.ask(1);
  EXPECT_FALSE(path.pipeline.stalled());
  path.receive(100e6, milliseconds(300));
  EXPECT_NEAR(path.pipeline.rate(), before, before / 100);
}

TEST(Pipeline, ButAStallOfWhatWasAskedIsSlowness) {
  Path path;
  path.ask(2);
  path.receive(100e6, seconds(10));
  path.pipeline.ended(path.now);
  path.now += seconds(1);
  path.ask(1); // one more in the stall does not begin anew
  path.now += seconds(1);
  path.pipeline.received(100'000, path.now);
  EXPECT_LT(path.pipeline.rate(), 71e6);
}

TEST(Pipeline, HasPatienceByWhatIsKnownOfTheSource) {
  Path path;
  path.ask(1);
  path.wait(milliseconds(500));
  EXPECT_FALSE(path.pipeline.quiet());
  path.wait(milliseconds(600));
  path.ask(1); // asking is no progress where something is due already
  EXPECT_TRUE(path.pipeline.quiet());
  EXPECT_FALSE(path.pipeline.stalled());
  path.wait(milliseconds(200));
  EXPECT_TRUE(path.pipeline.stalled()) << "it has never sent anything";
  path.receive(1e6, seconds(5));
  path.wait(seconds(1)); // a chunk takes half a second
  EXPECT_FALSE(path.pipeline.quiet());
  path.wait(milliseconds(1050));
  EXPECT_TRUE(path.pipeline.quiet());
  EXPECT_FALSE(path.pipeline.stalled());
  path.wait(milliseconds(100));
  EXPECT_TRUE(path.pipeline.stalled());
  path.pipeline.ended(path.now);
  path.pipeline.ended(path.now);
  EXPECT_FALSE(path.pipeline.stalled()) << "nothing is due";
  EXPECT_FALSE(path.pipeline.quiet());
}

TEST(Pipeline, DoesNotBlameASourceForTheTimeInWhichThisNodeDidNotListen) {
  Path path;
  path.ask(1);
  for (int tick = 0; tick < 5; ++tick) {
    path.now += seconds(3);
    path.pipeline.waited(milliseconds(100));
  }
  EXPECT_FALSE(path.pipeline.quiet());
  path.wait(milliseconds(200));
  EXPECT_TRUE(path.pipeline.quiet());
}

TEST(Pipeline, KnowsHowLongMoreWillTake) {
  Path path;
  path.ask(1);
  path.pipeline.measured(milliseconds(50));
  path.receive(10e6, seconds(5));
  const Duration time = path.pipeline.expected(20'000'000);
  EXPECT_NEAR(std::chrono::duration<double>(time).count(), 2.05, 0.05);
  path.wait(seconds(60));
  EXPECT_EQ(path.pipeline.expected(1), Duration::max());
}

TEST(Race, IsRunWhereWaitingWouldCostMore) {
  const milliseconds here(100);
  EXPECT_EQ(judge({.there = milliseconds(250)}, here), Race::leave);
  EXPECT_EQ(judge({.there = milliseconds(350)}, here), Race::withdraw);
  EXPECT_EQ(judge({.there = milliseconds(350), .begun = true}, here), Race::run);
  EXPECT_EQ(judge({.there = milliseconds(50), .begun = true}, milliseconds(1)), Race::leave)
      << "not worth a request";
}

TEST(Race, OfAQuietSourceTheRequestIsWithdrawnBeforeAnotherIsAsked) {
  const Duration late = seconds(60);
  Outstanding asked{.there = Duration::max()};
  EXPECT_EQ(judge(asked, late), Race::withdraw);
  asked.withdrawn = true;
  EXPECT_EQ(judge(asked, late), Race::leave) << "until that is confirmed";
  asked.stalled = true;
  EXPECT_EQ(judge(asked, late), Race::replace) << "or has taken too long";
}

// It may send a byte a second of something else, so that it never goes quiet.
TEST(Race, AWithdrawalThatIsNotConfirmedInTimeIsNotWaitedFor) {
  Outstanding asked{.there = seconds(60), .withdrawn = true, .unconfirmed = milliseconds(2900)};
  EXPECT_EQ(judge(asked, seconds(1)), Race::leave);
  asked.unconfirmed = seconds(3);
  EXPECT_EQ(judge(asked, seconds(1)), Race::replace);
  asked.begun = true;
  EXPECT_EQ(judge(asked, seconds(1)), Race::replace);
  EXPECT_EQ(judge(asked, seconds(40)), Race::leave) << "nobody is faster";
}

TEST(Race, AFastSourceWaitsForAConfirmationForAFewTimesWhatItNeeds) {
  Outstanding asked{.there = seconds(60), .withdrawn = true, .unconfirmed = milliseconds(790)};
  EXPECT_EQ(judge(asked, milliseconds(100)), Race::leave);
  asked.unconfirmed = milliseconds(800);
  EXPECT_EQ(judge(asked, milliseconds(100)), Race::replace);
  asked.unconfirmed = milliseconds(490);
  EXPECT_EQ(judge(asked, milliseconds(1)), Race::leave) << "a busy machine takes its time";
  asked.unconfirmed = milliseconds(500);
  EXPECT_EQ(judge(asked, milliseconds(1)), Race::replace);
}

TEST(Race, WhatCannotWinIsNoRace) {
  Outstanding asked{.there = seconds(10), .begun = true, .pace = seconds(10)};
  EXPECT_EQ(judge(asked, seconds(1)), Race::replace);
  EXPECT_EQ(judge(asked, seconds(2)), Race::run);
  asked.pace = seconds(1);
  EXPECT_EQ(judge(asked, seconds(1)), Race::run) << "its source serves others, but it comes";
  asked = {.there = milliseconds(900), .begun = true, .pace = milliseconds(900)};
  EXPECT_EQ(judge(asked, milliseconds(1)), Race::run);
}

TEST(Race, WhatIsComingIsPaidForTwiceOnlyWhereItStops) {
  Outstanding asked{.there = Duration::max(), .begun = true};
  EXPECT_EQ(judge(asked, milliseconds(1)), Race::leave);
  asked.stalled = true;
  EXPECT_EQ(judge(asked, milliseconds(1)), Race::replace);
}

TEST(Race, WhoWasQuietRestsLongerEachTime) {
  EXPECT_EQ(rest_after(0, false), seconds(4));
  EXPECT_EQ(rest_after(1, false), seconds(8));
  EXPECT_EQ(rest_after(2, false), seconds(10));
  EXPECT_EQ(rest_after(1000, false), seconds(10));
  EXPECT_EQ(rest_after(0, true), seconds(10)) << "nothing comes from it";
  EXPECT_EQ(rest_after(1, true), seconds(20));
  EXPECT_EQ(rest_after(1000, true), seconds(320)) << "but not for ever";
  EXPECT_EQ(rest_of_slow(0), seconds(5));
  EXPECT_EQ(rest_of_slow(1000), seconds(160));
}

} // namespace
} // namespace p2pd::swarm
