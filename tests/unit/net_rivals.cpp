// Two links to one node: which one stays.

#include "daemon/net/rivals.hpp"

#include "tests/unit/net_relay.hpp"

namespace p2pd::net {
namespace {

using std::chrono::seconds;

TEST(Rivals, OneProcessDialsAgainOnlyWhenItsLinkIsDead) {
  for (const bool lower : {true, false})
    for (const bool initiated : {true, false})
      EXPECT_EQ(judge({7, initiated}, {7, initiated}, seconds(0), lower), Verdict::newer);
}

TEST(Rivals, OfTwoThatWereDialledAtOnceThatOfTheLowerIdStays) {
  EXPECT_EQ(judge({7, true}, {7, false}, seconds(1), true), Verdict::older);
  EXPECT_EQ(judge({7, false}, {7, true}, seconds(1), true), Verdict::newer);
  EXPECT_EQ(judge({7, true}, {7, false}, seconds(1), false), Verdict::newer);
  EXPECT_EQ(judge({7, false}, {7, true}, seconds(1), false), Verdict::older);
}

TEST(Rivals, AnOldLinkWasNotDialledAtOnce) {
  EXPECT_EQ(judge({7, true}, {7, false}, dialled_at_once, true), Verdict::newer);
}

TEST(Rivals, OfTwoProcessesTheFirstStays) {
  for (const auto age : {seconds(0), seconds(1000)})
    for (const bool lower : {true, false}) {
      EXPECT_EQ(judge({7, false}, {8, false}, age, lower), Verdict::older);
      EXPECT_EQ(judge({7, true}, {8, false}, age, lower), Verdict::older);
    }
}

// A node, and a copy of its machine.
class ClonesTest : public NetTest {
 protected:
  ClonesTest() {
    first.sessions.self().instance = 1;
    copy.sessions.self().instance = 2;
  }

  Node tracker{loop, 2};
  Node first{loop, 1};
  Node copy{loop, 1};
};

TEST_F(ClonesTest, TheOneThatWasThereStays) {
  link(first, tracker);
  const Session* const there = tracker.linked(first);
  std::vector<proto::Goodbye> farewells;
  copy.ear.when_closed = [&](Session& session) {
    if (session.farewell()) farewells.push_back(*session.farewell());
  };
  for (std::size_t tries = 1; tries <= 3; ++tries) {
    copy.dial(tracker.at());
    ASSERT_TRUE(run_until(loop, [&] { return farewells.size() == tries; }));
    EXPECT_EQ(farewells.back().reason, proto::Reason::cloned);
    EXPECT_EQ(farewells.back().why, "127.0.0.1");
  }
  EXPECT_EQ(tracker.linked(first), there);
  EXPECT_TRUE(first.ear.closed.empty());
  EXPECT_EQ(tracker.ear.ready.size(), 1U) << "nobody heard of the copy";
  EXPECT_EQ(tracker.sessions.clones().at(first.id()).stays, "127.0.0.1");
  EXPECT_EQ(tracker.sessions.refusals().of(Refusal::identity), 3U);
}

// As after a power cut: the machine comes back and its old link is still there.
TEST_F(ClonesTest, WhoDoesNotAnswerMakesWay) {
  Relay relay(loop, tracker.at());
  first.dial(relay.at());
  await_link(first, tracker);
  relay.forth = [](Bytes& bytes) { bytes.clear(); };
  copy.dial(tracker.at());
  copy.ear.when_ready = [](Session& session) { session.send(proto::Done{proto::RequestId{7}}); };
  ASSERT_TRUE(run_until(loop, [&] { return !tracker.ear.messages.empty(); }));
  EXPECT_EQ(tracker.ear.all<proto::Done>().size(), 1U) << "what it said meanwhile was kept";
  EXPECT_EQ(tracker.sessions.size(), 1U);
  EXPECT_TRUE(tracker.sessions.clones().empty());
}

TEST_F(ClonesTest, WhoBreaksOffMakesWayAtOnce) {
  Relay relay(loop, tracker.at());
  first.dial(relay.at());
  await_link(first, tracker);
  Session* const there = tracker.linked(first);
  relay.forth = [](Bytes& bytes) { bytes.clear(); };
  copy.dial(tracker.at());
  ASSERT_TRUE(run_until(loop, [&] { return copy.linked(tracker) != nullptr; }));
  relay.cut();
  ASSERT_TRUE(run_until(
      loop, [&] { return tracker.linked(copy) != nullptr && tracker.linked(copy) != there; }));
  EXPECT_EQ(tracker.ear.closed.size(), 1U);
}

TEST_F(ClonesTest, WhoGivesUpMeanwhileIsForgotten) {
  Relay relay(loop, tracker.at());
  first.dial(relay.at());
  await_link(first, tracker);
  relay.forth = [](Bytes& bytes) { bytes.clear(); };
  copy.dial(tracker.at());
  ASSERT_TRUE(run_until(loop, [&] { return tracker.sessions.size() == 2; }));
  copy.sessions.close_all("it stops");
  tracker.sessions.close_all("it stops as well");
  settle(loop);
  EXPECT_EQ(tracker.sessions.size(), 0U);
}

// Saying hello again

TEST_F(NetTest, WhatHasChangedIsToldOnTheSameLink) {
  Node a(loop, 1), b(loop, 2);
  link(a, b);
  const auto interfaces = a.sessions.whereabouts().interfaces;
  a.sessions.present(a.sessions.self(), interfaces);
  settle(loop);
  Self renamed = a.sessions.self();
  renamed.name = "other";
  renamed.advertise = {"192.0.2.1:1"};
  a.sessions.present(renamed, interfaces);
  ASSERT_TRUE(run_until(loop, [&] { return b.linked(a)->hello().name == "other"; }));
  EXPECT_EQ(b.linked(a)->info().name, "other");
  EXPECT_EQ(b.linked(a)->info().addresses.back(), "192.0.2.1:1");
  EXPECT_TRUE(a.ear.closed.empty() && b.ear.closed.empty());
  EXPECT_TRUE(b.ear.messages.empty()) << "it is no message of a listener's";
}

TEST_F(NetTest, ALinkWhoseAddressIsGoneCloses) {
  Node a(loop, 1), b(loop, 2);
  link(a, b);
  std::vector<io::Endpoint> interfaces = a.sessions.whereabouts().interfaces;
  const std::string lost = a.linked(b)->local().host();
  std::erase_if(interfaces, [&](const io::Endpoint& own) { return own.host() == lost; });
  bool stranded = false;
  a.ear.when_closed = [&](Session& session) { stranded = session.stranded(); };
  a.sessions.present(a.sessions.self(), interfaces);
  ASSERT_EQ(a.ear.closed.size(), 1U);
  EXPECT_EQ(a.ear.closed.front(), "this machine no longer has the address " + lost);
  EXPECT_TRUE(stranded);
}

} // namespace
} // namespace p2pd::net
