#include "daemon/swarm/server.hpp"

#include <gtest/gtest.h>

namespace p2pd::swarm {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::uint32_t asked_length = 512 * 1024;
constexpr std::size_t may_linger = 8 * asked_length;

class ServerTest : public testing::Test {
 protected:
  ServerTest() { server.set_slots(4); }

  bool ask(Taker taker, std::uint64_t ticket, std::uint32_t chunk, Duration after = {}) {
    return server.ask(taker, {.ticket = ticket,
                              .length = asked_length,
                              .due = now + after,
                              .chunk = ChunkIndex{chunk},
                              .copies = copies}) == Server::Answer::waits;
  }
  Server::Answer ask_first(Taker taker, std::uint64_t ticket, std::uint32_t chunk) {
    return server.ask(taker, {.ticket = ticket,
                              .length = asked_length,
                              .due = now,
                              .chunk = ChunkIndex{chunk},
                              .copies = copies,
                              .wanted = Copy::first});
  }
  // The ticket of the next turn, which is begun; nothing: nobody's.
  std::optional<std::uint64_t> serve(std::uint64_t given = 0) {
    const auto turn = server.next(now);
    if (!turn) return std::nullopt;
    for (const Server::Dropped& each : server.begin(*turn, 0, given, now))
      dropped.push_back(each.ticket);
    return turn->ticket;
  }
  // With something, so that what is held waits.
  void keep_one_busy() {
    ask(server.enter("10.0.2.1"), 90, 90);
    serve();
  }
  void take_slowly(Taker taker, std::uint64_t rate) { // bytes a second
    for (std::uint64_t quarter = 0; quarter <= 12; ++quarter) {
      server.look(taker, now, quarter * rate / 4, true);
      now += milliseconds(250);
    }
  }

  Time now = Time() + std::chrono::hours(1);
  Server server{may_linger};
  std::vector<std::uint64_t> dropped;
  std::shared_ptr<Copies> copies = std::make_shared<Copies>(100);
  const Taker anna = server.enter("10.0.0.1");
  const Taker bert = server.enter("10.0.0.2");
};

TEST_F(ServerTest, HasNobodyWhereNobodyAsks) {
  EXPECT_EQ(serve(), std::nullopt);
  EXPECT_EQ(server.again(), std::nullopt);
}

TEST_F(ServerTest, SendsTwoAtATimeToEachInTheirOrder) {
  for (std::uint32_t i = 0; i < 4; ++i) ask(anna, i, i);
  EXPECT_EQ(serve(), 0U);
  EXPECT_EQ(serve(), 1U);
  EXPECT_EQ(serve(), std::nullopt);
  EXPECT_EQ(server.waiting(), 2U);
  server.end(anna, 0, true, now);
  EXPECT_EQ(serve(), 2U);
  EXPECT_EQ(server.busy(), 1U);
}

TEST_F(ServerTest, SendsFirstWhatWasSentTheLeast) {
  ask(anna, 1, 7);
  serve();
  server.end(anna, 1, true, now);
  now += seconds(3);
  ask(bert, 1, 7);
  ask(bert, 2, 8);
  EXPECT_EQ(serve(), 2U);
  EXPECT_EQ(serve(), 1U);
}

TEST_F(ServerTest, HoldsWhatIsOnItsWayAndSaysUntilWhen) {
  keep_one_busy();
  ask(anna, 1, 7);
  serve();
  ask(bert, 2, 7);
  EXPECT_EQ(serve(), std::nullopt);
  now += milliseconds(100);
  server.end(anna, 1, true, now);
  EXPECT_EQ(serve(), std::nullopt);
  EXPECT_EQ(server.again(), now + milliseconds(200));
  now += milliseconds(200);
  EXPECT_EQ(serve(), 2U);
}

TEST_F(ServerTest, SendsWhatIsHeldRatherThanNothing) {
  ask(anna, 1, 7);
  serve();
  server.end(anna, 1, true, now + milliseconds(100));
  ask(anna, 2, 8);
  serve();
  ask(bert, 3, 8);
  ask(bert, 4, 7);
  EXPECT_EQ(serve(), std::nullopt) << "one is being sent something";
  server.end(anna, 2, true, now + milliseconds(200));
  EXPECT_EQ(serve(), 4U) << "it would be due first";
  EXPECT_EQ(serve(), std::nullopt) << "that is enough";
  server.end(bert, 4, true, now);
  EXPECT_EQ(serve(), 3U);
}

TEST_F(ServerTest, QueuesWhatALinkTakesInAMoment) {
  EXPECT_EQ(server.queue(anna), Server::least_queued);
  std::uint64_t taken = 0;
  const auto take = [&](std::uint64_t rate, bool ready = true) {
    for (int tenth = 0; tenth < 3; ++tenth) {
      now += milliseconds(100);
      server.look(anna, now, taken += rate / 10, ready);
    }
    return server.queue(anna);
  };
  EXPECT_EQ(take(100 * 1000), Server::least_queued);
  EXPECT_EQ(take(2'000'000), 100'000U);
  EXPECT_EQ(take(3'000'000, false), 150'000U) << "it could take more";
  EXPECT_EQ(take(1'000'000, false), 150'000U) << "more than it was sent";
  EXPECT_EQ(take(100'000'000), Server::most_queued);
}

TEST_F(ServerTest, IsSoonLookedAtWhereALinkIsNotKnown) {
  ask(anna, 1, 1);
  ask(anna, 2, 2);
  serve();
  EXPECT_LE(server.look_after(), milliseconds(10));
  for (std::uint64_t look = 0; look < 2; ++look) {
    now += server.look_after();
    server.look(anna, now, look * 1'000'000, true);
  }
  EXPECT_EQ(server.queue(anna), Server::most_queued) << "100 MB/s";
  EXPECT_EQ(server.look_after(), milliseconds(100));
}

TEST_F(ServerTest, HoldsNothingAnyMoreThatWasCancelled) {
  keep_one_busy();
  ask(anna, 1, 7);
  serve();
  ask(bert, 2, 7);
  EXPECT_EQ(serve(), std::nullopt);
  server.end(anna, 1, false, now);
  EXPECT_EQ(serve(), 2U);
}

TEST_F(ServerTest, HoldsNothingAnyMoreOfOneThatLeft) {
  keep_one_busy();
  ask(anna, 1, 7);
  serve();
  ask(bert, 2, 7);
  server.leave(anna, now);
  EXPECT_EQ(serve(), 2U);
  EXPECT_EQ(server.enter("10.0.0.3"), anna) << "its place is free";
  EXPECT_FALSE(server.waits(anna));
}

TEST_F(ServerTest, ServesNothingBeforeItIsDue) {
  ask(anna, 1, 7, milliseconds(30));
  EXPECT_EQ(serve(), std::nullopt);
  EXPECT_EQ(server.again(), now + milliseconds(30));
  now += milliseconds(30);
  EXPECT_EQ(serve(), 1U);
}

TEST_F(ServerTest, ForgetsWhatIsCancelled) {
  ask(anna, 1, 7);
  ask(anna, 2, 8);
  EXPECT_TRUE(server.cancel(anna, 1));
  EXPECT_FALSE(server.cancel(anna, 1));
  EXPECT_EQ(serve(), 2U);
  EXPECT_FALSE(server.cancel(anna, 2)) << "it does not wait any more";
}

TEST_F(ServerTest, PutsBackWhatIsNotSentYet) {
  for (std::uint32_t i = 0; i < 3; ++i) ask(anna, i, i);
  serve();
  serve();
  server.put_back(anna, 1, now);
  EXPECT_EQ(server.waiting(), 2U);
  now += seconds(1);
  EXPECT_EQ(serve(), 2U) << "of which no copy was begun";
}

TEST_F(ServerTest, TakesSoManyRequestsOfOne) {
  for (std::uint32_t i = 0; i < Server::most_waiting; ++i) EXPECT_TRUE(ask(anna, i, i % 100));
  EXPECT_FALSE(ask(anna, 9999, 0));
  EXPECT_TRUE(ask(bert, 9999, 0));
}

TEST_F(ServerTest, ServesNoMoreAtATimeThanThereAreSlots) {
  std::vector<Taker> all;
  for (std::uint32_t i = 0; i < 6; ++i) {
    all.push_back(server.enter("10.0.1." + std::to_string(i)));
    ask(all.back(), i, i);
  }
  for (std::uint32_t i = 0; i < 4; ++i) EXPECT_EQ(serve(), i);
  EXPECT_EQ(serve(), std::nullopt);
  server.end(all[2], 2, true, now);
  EXPECT_EQ(serve(), 4U);
}

TEST_F(ServerTest, LetsOneAddressHaveAQuarterUntilItHasProvedItself) {
  server.set_slots(8);
  std::vector<Taker> all;
  for (std::uint32_t i = 0; i < 4; ++i) {
    all.push_back(server.enter("10.0.0.9"));
    ask(all.back(), i, i);
  }
  EXPECT_EQ(serve(), 0U);
  EXPECT_EQ(serve(), 1U);
  EXPECT_EQ(serve(), std::nullopt);
  server.look(all[0], now, asked_length, false); // it has taken a chunk
  EXPECT_EQ(serve(), 2U);
}

TEST_F(ServerTest, SendsToASlowOneOneAtATime) {
  for (std::uint32_t i = 0; i < 4; ++i) ask(anna, i, i);
  serve();
  take_slowly(anna, 100 * 1024);
  EXPECT_EQ(server.pace(anna), Pace::slow);
  EXPECT_EQ(serve(), std::nullopt);
  server.end(anna, 0, true, now);
  EXPECT_EQ(serve(), 1U);
}

TEST_F(ServerTest, LetsSlowOnesHoldSoMuchTogether) {
  Server tight(asked_length);
  tight.set_slots(8);
  std::vector<Taker> all;
  for (std::uint32_t i = 0; i < 3; ++i) {
    all.push_back(tight.enter("10.0.1." + std::to_string(i)));
    for (std::uint64_t quarter = 0; quarter <= 12; ++quarter)
      tight.look(all.back(), now + quarter * milliseconds(250), quarter * 25 * 1024, true);
    tight.ask(all.back(), {.ticket = i, .length = asked_length, .due = now, .copies = {}});
  }
  now += seconds(4);
  const auto turn = tight.next(now);
  ASSERT_TRUE(turn);
  tight.begin(*turn, 0, 0, now);
  EXPECT_FALSE(tight.next(now));
}

TEST_F(ServerTest, SendsMoreToWhoGivesBack) {
  std::uint64_t given = 0;
  std::array<int, 2> turns{};
  for (std::uint64_t i = 0; i < 90; ++i) {
    ask(anna, 2 * i, i % 100);
    ask(bert, 2 * i + 1, (i + 50) % 100);
    const auto turn = server.next(now);
    ASSERT_TRUE(turn);
    given += asked_length;
    server.begin(*turn, given, turn->taker == anna ? given : 0, now);
    server.end(turn->taker, turn->ticket, true, now);
    ++turns[turn->taker == anna ? 0 : 1];
    now += seconds(3);
  }
  EXPECT_NEAR(turns[0], 2 * turns[1], 4);
}

TEST_F(ServerTest, DoesNotMakeOneWaitForAFirstCopyThatAnotherIsSent) {
  EXPECT_EQ(ask_first(anna, 1, 7), Server::Answer::waits);
  EXPECT_EQ(ask_first(bert, 2, 7), Server::Answer::waits);
  EXPECT_EQ(ask_first(bert, 3, 8), Server::Answer::waits);
  EXPECT_EQ(serve(), 1U);
  EXPECT_EQ(dropped, std::vector<std::uint64_t>{2});
  EXPECT_FALSE(server.cancel(bert, 2)) << "it does not wait any more";
  EXPECT_EQ(serve(), 3U);
  EXPECT_EQ(ask_first(bert, 4, 7), Server::Answer::elsewhere);
  EXPECT_EQ(server.waiting(), 0U);
}

TEST_F(ServerTest, SendsAnyCopyToWhomThatIsEnough) {
  EXPECT_EQ(ask_first(anna, 1, 7), Server::Answer::waits);
  EXPECT_TRUE(ask(bert, 2, 7));
  EXPECT_EQ(serve(), 1U);
  EXPECT_TRUE(dropped.empty());
  server.end(anna, 1, true, now);
  now += seconds(5);
  EXPECT_EQ(serve(), 2U);
}

} // namespace
} // namespace p2pd::swarm
