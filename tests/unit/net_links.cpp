// Which links there may be between nodes, how many, and for how long.

#include "tests/unit/net_relay.hpp"

namespace p2pd::net {
namespace {

// Both dial at once: exactly one of the two connections stays, and it is the same one for both.
void expect_one_link(io::Loop& loop, Node& a, Node& b) {
  ASSERT_TRUE(run_until(loop, [&] {
    return a.sessions.size() == 1 && b.sessions.size() == 1 && a.linked(b) && b.linked(a);
  }));
  settle(loop);
  ASSERT_EQ(a.sessions.size(), 1U);
  ASSERT_EQ(b.sessions.size(), 1U);
  ASSERT_TRUE(a.linked(b) != nullptr && b.linked(a) != nullptr);
  EXPECT_EQ(a.linked(b)->local(), b.linked(a)->remote());
  EXPECT_EQ(a.linked(b)->remote(), b.linked(a)->local());
  EXPECT_EQ(a.ear.ready, std::vector{a.linked(b)});
  EXPECT_EQ(b.ear.ready, std::vector{b.linked(a)});
  const std::size_t before = b.ear.messages.size();
  a.linked(b)->send(proto::Done{});
  ASSERT_TRUE(run_until(loop, [&] { return b.ear.messages.size() == before + 1; }));
}

TEST_F(NetTest, OfTwoLinksOneStays) {
  for (std::uint8_t i = 1; i < 9; ++i) {
    Node a(loop, i), b(loop, static_cast<std::uint8_t>(i + 20));
    a.dial(b.at());
    b.dial(a.at());
    expect_one_link(loop, a, b);
  }
}

// One of the two dials is held up by so many milliseconds: every order of events comes about.
TEST_F(NetTest, OfTwoLinksOneStaysHoweverTheyInterleave) {
  for (int delay = 0; delay < 8; ++delay) {
    for (const bool lower_is_late : {false, true}) {
      Node a(loop, 1), b(loop, 2);
      Node& late = (a.id() < b.id()) == lower_is_late ? a : b;
      Node& early = &late == &a ? b : a;
      Relay relay(loop, early.at());
      std::size_t parts =
          0; // so many pieces of the late one's dial pass before the early one dials
      const auto count = [&](Bytes&) {
        if (parts++ == static_cast<std::size_t>(delay) / 2) early.dial(late.at());
      };
      (delay % 2 == 0 ? relay.forth : relay.back) = count;
      late.dial(relay.at());
      ASSERT_TRUE(run_until(loop, [&] { return a.linked(b) && b.linked(a); }));
      settle(loop);
      ASSERT_EQ(a.sessions.size(), 1U) << delay << lower_is_late;
      ASSERT_EQ(b.sessions.size(), 1U) << delay << lower_is_late;
      ASSERT_TRUE(a.linked(b) && b.linked(a)) << delay << lower_is_late;
      EXPECT_NE(a.linked(b)->initiator(), b.linked(a)->initiator());
    }
  }
}

TEST_F(NetTest, TheLinkThatTheLowerIdBeganStays) {
  Node a(loop, 1), b(loop, 2);
  // Both hold back what they dial until both handshakes are done but for their last message.
  Relay to_a(loop, a.at()), to_b(loop, b.at());
  std::vector<std::pair<Relay*, Bytes>> held;
  for (Relay* const relay : {&to_a, &to_b})
    relay->forth = [&held, relay, first = true](Bytes& bytes) mutable {
      if (!std::exchange(first, false)) held.emplace_back(relay, std::exchange(bytes, {}));
    };
  a.dial(to_b.at());
  b.dial(to_a.at());
  ASSERT_TRUE(run_until(loop, [&] { return held.size() >= 2 && held[0].first != held[1].first; }));
  settle(loop);
  for (Relay* const relay : {&to_a, &to_b}) relay->forth = [](Bytes&) {};
  for (auto& [relay, bytes] : held) relay->pass(std::move(bytes));
  ASSERT_TRUE(run_until(loop, [&] { return a.linked(b) && b.linked(a); }));
  settle(loop);
  ASSERT_TRUE(a.linked(b) && b.linked(a));
  const Node& lower = a.id() < b.id() ? a : b;
  const Node& higher = a.id() < b.id() ? b : a;
  EXPECT_TRUE(lower.linked(higher)->initiator());
  EXPECT_FALSE(higher.linked(lower)->initiator());
  EXPECT_EQ(a.sessions.size() + b.sessions.size(), 2U);
}

TEST_F(NetTest, WhoIsConnectedAlreadyDoesNotDialAgain) {
  Node a(loop, 1), b(loop, 2);
  link(a, b);
  const Session* const first = a.linked(b);
  a.dial(b.at());
  ASSERT_TRUE(run_until(loop, [&] { return !a.ear.closed.empty(); }));
  EXPECT_EQ(a.ear.closed, std::vector<std::string>{"already connected to it"});
  settle(loop);
  EXPECT_EQ(a.linked(b), first);
  EXPECT_NE(b.linked(a), nullptr);
  EXPECT_EQ(b.sessions.size(), 1U);
}

// A node that was cut off dials again, while its old link still seems to be there.
TEST_F(NetTest, TheNewerOfTwoLinksOfOneDiallerStays) {
  Node b(loop, 2);
  Node before(loop, 1);
  link(before, b);
  const Session* const old = b.linked(before);
  Node after(loop, 1); // the same identity
  after.dial(b.at());
  ASSERT_TRUE(run_until(loop, [&] { return !before.ear.closed.empty(); }));
  EXPECT_EQ(before.ear.closed.front(), "it said goodbye: another link to this node stays");
  ASSERT_TRUE(run_until(loop, [&] { return after.linked(b) != nullptr; }));
  ASSERT_NE(b.linked(after), nullptr);
  EXPECT_EQ(b.linked(after)->remote(), after.linked(b)->local());
  EXPECT_NE(b.linked(after), old);
  EXPECT_EQ(b.sessions.size(), 1U);
}

TEST_F(NetTest, ANodeDoesNotConnectToItself) {
  Node a(loop, 1);
  a.dial(a.at());
  ASSERT_TRUE(run_until(loop, [&] { return a.ear.closed.size() == 2; }));
  EXPECT_EQ(a.sessions.size(), 0U);
  EXPECT_TRUE(a.ear.ready.empty());
  EXPECT_NE(std::find(a.ear.closed.begin(), a.ear.closed.end(), "it is this node itself"),
            a.ear.closed.end());
}

// Who dials a known id finds another one there: it does not show who it is itself.
TEST_F(NetTest, OnlyTheExpectedIdIsAccepted) {
  Node a(loop, 1), b(loop, 2), c(loop, 3);
  Relay relay(loop, b.at());
  a.dial(relay.at(), c.id());
  ASSERT_TRUE(run_until(loop, [&] { return !a.ear.closed.empty() && !b.ear.closed.empty(); }));
  EXPECT_EQ(a.ear.closed.front(), "it has another key than expected: " + proto::to_text(b.id()));
  EXPECT_EQ(relay.bytes_forth, 2U + 48 + cipher::has_fast_aes()); // message 1, which names nobody
  EXPECT_TRUE(b.ear.ready.empty());
  a.dial(b.at(), b.id());
  await_link(a, b);
}

TEST_F(NetTest, NoMoreAreAcceptedThanTheLimit) {
  Node b(loop, 1, {0x55}, 2);
  Node a(loop, 2), c(loop, 3), d(loop, 4);
  link(a, b);
  link(c, b);
  d.dial(b.at());
  ASSERT_TRUE(run_until(loop, [&] { return !d.ear.closed.empty(); }));
  EXPECT_EQ(b.sessions.size(), 2U);
  a.linked(b)->close(proto::Reason::leaving, "makes room");
  ASSERT_TRUE(run_until(loop, [&] { return b.sessions.size() == 1; }));
  link(d, b);
}

// The one slow test: 5 s for a handshake, 3 s for a dialled address before the next is tried.
TEST_F(NetTest, TheClockEndsWhatDoesNotAnswer) {
  Outcome outcome;
  Node a(loop, 1), b(loop, 2, {0x55}, 3);
  Stranger mute(loop, b.at()), slow(loop, b.at()), half(loop, b.at());
  ASSERT_TRUE(run_until(loop, [&] { return b.sessions.size() == 3; }));
  slow.say(Bytes{0});
  half.say(Bytes{0, 48, 1, 2, 3});
  MuteHost host(loop);
  const io::Time start = io::Clock::now();
  b.dial(host.at()); // the other way about

  Dialer dialer(loop, a.sessions, outcome);
  dialer.reach({host_port(host.at())}, {});
  ASSERT_TRUE(run_until(loop, [&] { return outcome.known(); }));
  EXPECT_EQ(outcome.causes, std::vector<std::string>{"no answer in time"});
  EXPECT_GE(io::Clock::now() - start, milliseconds(2900));

  ASSERT_TRUE(run_until(loop, [&] { return b.sessions.size() == 0; }));
  EXPECT_GE(io::Clock::now() - start, milliseconds(4900));
  EXPECT_EQ(b.ear.closed, std::vector<std::string>(4, "the handshake was not done in time"));
  ASSERT_TRUE(run_until(loop, [&] { return mute.dropped() && slow.dropped() && half.dropped(); }));
  EXPECT_TRUE(mute.ear.bytes.empty() && slow.ear.bytes.empty() && half.ear.bytes.empty());
  link(a, b);
}

TEST_F(NetTest, ASilentLinkIsClosedAndOthersAreKeptAlive) {
  Node a(loop, 1), b(loop, 2), c(loop, 3);
  Relay relay(loop, b.at());
  a.dial(relay.at());
  await_link(a, b);
  link(c, b);
  b.sessions.set_silence_limit(milliseconds(1000));
  relay.forth = [](Bytes& bytes) { bytes.clear(); };
  ASSERT_TRUE(run_until(loop, [&] { return !b.ear.closed.empty(); }));
  EXPECT_EQ(b.ear.closed.front(), "silent for too long");
  ASSERT_TRUE(run_until(loop, [&] { return !a.ear.closed.empty(); }));
  EXPECT_EQ(a.ear.closed.front(), "it said goodbye: silent for too long");
  const io::Time end = io::Clock::now() + milliseconds(2000); // twice as long as silence may be
  ASSERT_TRUE(run_until(loop, [&] { return io::Clock::now() > end; }));
  EXPECT_NE(b.linked(c), nullptr); // nobody speaks there, but pings are answered
  EXPECT_NE(c.linked(b), nullptr);
}

TEST_F(NetTest, ClosingAllIsForGood) {
  Node a(loop, 1), b(loop, 2), c(loop, 3);
  link(a, b);
  link(c, b);
  Stranger stranger(loop, b.at());
  ASSERT_TRUE(run_until(loop, [&] { return b.sessions.size() == 3; }));
  b.ear.when_closed = [&](Session&) { a.sessions.self().name = "still here"; };
  b.sessions.close_all("shutting down");
  EXPECT_EQ(b.sessions.size(), 0U);
  EXPECT_EQ(b.ear.closed, std::vector<std::string>(3, "shutting down"));
  ASSERT_TRUE(run_until(loop, [&] { return !a.ear.closed.empty() && !c.ear.closed.empty(); }));
  EXPECT_EQ(a.ear.closed.front(), "it said goodbye: shutting down");
  a.dial(b.at());
  ASSERT_TRUE(run_until(loop, [&] { return a.ear.closed.size() == 2; }));
  EXPECT_EQ(b.sessions.size(), 0U);
}

// The listener closes others while one is closing.
TEST_F(NetTest, OneEndMayBringAnother) {
  Node a(loop, 1), b(loop, 2), c(loop, 3), d(loop, 4);
  for (Node* other : {&b, &c, &d}) link(*other, a);
  a.ear.when_closed = [&](Session&) {
    while (!a.ear.ready.empty())
      a.ear.ready.front()->close(proto::Reason::refused, "with the first");
  };
  a.linked(b)->close(proto::Reason::refused, "first");
  EXPECT_EQ(a.ear.closed.size(), 3U);
  ASSERT_TRUE(run_until(loop, [&] {
    return !b.ear.closed.empty() && !c.ear.closed.empty() && !d.ear.closed.empty();
  }));
}

} // namespace
} // namespace p2pd::net
