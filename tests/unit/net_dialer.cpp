#include "daemon/net/dialer.hpp"

#include "tests/unit/net_relay.hpp"

namespace p2pd::net {
namespace {

class NetDialer : public NetTest {
 protected:
  // Where nobody listens.
  io::Endpoint nobody() {
    const io::Endpoint free = MuteHost(loop).at();
    settle(loop);
    return free;
  }
  static base::HostPort at(const io::Endpoint& endpoint) { return host_port(endpoint); }
  void await_outcome() {
    ASSERT_TRUE(run_until(loop, [&] { return outcome.known(); }));
    EXPECT_FALSE(dialer.busy());
    settle(loop);
    EXPECT_EQ(outcome.reached.size() + outcome.causes.size(), 1U);
  }

  Outcome outcome; // hears of its session until the nodes are gone
  Node a{loop, 1}, b{loop, 2}, c{loop, 3};
  MuteHost mute{loop};
  Dialer dialer{loop, a.sessions, outcome};
};

TEST_F(NetDialer, ReachesANode) {
  dialer.reach({at(b.at())}, b.id());
  EXPECT_TRUE(dialer.busy());
  EXPECT_FALSE(outcome.known()); // whatever comes comes later
  await_outcome();
  ASSERT_EQ(outcome.reached.size(), 1U);
  EXPECT_EQ(outcome.reached.front(), a.linked(b));
  EXPECT_TRUE(a.ear.ready.empty()); // it is the dialer's
  b.linked(a)->send(proto::Done{});
  ASSERT_TRUE(run_until(loop, [&] { return !outcome.ear.messages.empty(); }));
}

TEST_F(NetDialer, TriesOneAddressAfterTheOther) {
  Node stranger(loop, 4, {0x99});
  dialer.reach({at(nobody()),
                {std::string(64, 'x'), 1},
                at(stranger.at()),
                at(c.at()),
                {"224.0.0.1", 7440},
                {"localhost", b.at().port()}},
               b.id());
  await_outcome();
  ASSERT_EQ(outcome.reached.size(), 1U);
  EXPECT_EQ(outcome.reached.front()->id(), b.id());
  EXPECT_EQ(c.linked(a), nullptr);
}

TEST_F(NetDialer, GivesTheLastCause) {
  dialer.reach({at(c.at()), at(nobody())}, b.id());
  await_outcome();
  EXPECT_EQ(outcome.causes, std::vector<std::string>{"Connection refused"});
}

TEST_F(NetDialer, SaysThatAnotherNodeIsThere) {
  dialer.reach({at(nobody()), at(c.at())}, b.id());
  await_outcome();
  EXPECT_EQ(outcome.causes, std::vector<std::string>{"it has another key than expected: " +
                                                     proto::to_text(c.id())});
}

TEST_F(NetDialer, TellsWhoElseAnsweredWhateverCameLater) {
  dialer.reach({at(c.at()), at(nobody())}, b.id());
  await_outcome();
  ASSERT_TRUE(dialer.impostor());
  EXPECT_EQ(dialer.impostor()->id, c.id());
  EXPECT_EQ(dialer.impostor()->at, c.at());
  outcome.causes.clear();
  dialer.reach({at(nobody()), at(b.at())}, b.id());
  await_outcome();
  EXPECT_FALSE(dialer.impostor());
  EXPECT_EQ(dialer.address(), at(b.at()));
}

TEST_F(NetDialer, TriesThePreviousSecretWhereTheNewOneDrawsNoAnswer) {
  Node both(loop, 4, {0x77, 0x55}), fresh(loop, 5, {0x77}), stranger(loop, 6, {0x99});
  Dialer from_both{loop, both.sessions, outcome};
  for (const Node* node : {&b, &fresh}) {
    outcome.reached.clear();
    from_both.reach({at(node->at())}, node->id());
    ASSERT_TRUE(run_until(loop, [&] { return outcome.known(); }));
    EXPECT_EQ(outcome.reached.size(), 1U);
  }
  outcome.reached.clear();
  from_both.reach({at(stranger.at())}, {});
  ASSERT_TRUE(run_until(loop, [&] { return outcome.known(); }));
  EXPECT_TRUE(outcome.reached.empty());
  a.dial(both.at()); // who answers tries both, too
  ASSERT_TRUE(run_until(loop, [&] { return both.linked(a) != nullptr; }));
}

// Mute hosts take the connection and say nothing; each would have cost 3 s by itself.
TEST_F(NetDialer, ReachesANodeBesideFourteenDeadAddresses) {
  std::vector<std::unique_ptr<MuteHost>> dead;
  std::vector<base::HostPort> addresses;
  for (int i = 0; i < 14; ++i)
    addresses.push_back(at(dead.emplace_back(std::make_unique<MuteHost>(loop))->at()));
  addresses.push_back(at(b.at()));
  dialer.reach(addresses, b.id());
  ASSERT_TRUE(run_until(
      loop, [&] { return outcome.known(); }, milliseconds(2900)));
  ASSERT_EQ(outcome.reached.size(), 1U);
  EXPECT_EQ(dialer.address(), at(b.at()));
  EXPECT_EQ(a.sessions.size(), 1U); // the others are dropped
}

// Several addresses of one node, all good and all begun at about the same time: each handshake that
// is done would displace the one before on the other side.
TEST_F(NetDialer, ReachesANodeOnce) {
  MuteHost slow(loop);
  Relay first(loop, b.at()), second(loop, b.at());
  bool held = true;
  std::vector<std::pair<Relay*, Bytes>> kept;
  for (Relay* relay : {&first, &second})
    relay->forth = [&, relay](Bytes& bytes) {
      if (held) kept.emplace_back(relay, std::exchange(bytes, {}));
    };
  dialer.reach({at(first.at()), at(second.at())}, b.id());
  ASSERT_TRUE(run_until(loop, [&] { return kept.size() == 2; }));
  held = false;
  for (auto& [relay, bytes] : kept) relay->pass(std::move(bytes));
  await_outcome();
  ASSERT_EQ(outcome.reached.size(), 1U);
  ASSERT_TRUE(run_until(loop, [&] { return b.linked(a) != nullptr; }));
  settle(loop);
  EXPECT_NE(a.linked(b), nullptr);
  EXPECT_NE(b.linked(a), nullptr);
  EXPECT_TRUE(outcome.ear.closed.empty());
}

TEST_F(NetDialer, GoesOnWhereTheOneThatAnsweredFirstFailsAfterAll) {
  Relay relay(loop, b.at());
  std::size_t messages = 0;
  relay.back = [&](Bytes& bytes) {
    if (++messages > 1) bytes.clear(), relay.cut(); // the handshake passes, the hello does not
  };
  dialer.reach({at(mute.at()), at(relay.at()), at(b.at())}, b.id());
  await_outcome();
  ASSERT_EQ(outcome.reached.size(), 1U);
  EXPECT_EQ(dialer.address(), at(b.at()));
}

TEST_F(NetDialer, TellsWhatBecameOfEachAddress) {
  const io::Endpoint closed = nobody();
  dialer.reach({at(closed), {std::string(64, 'x'), 1}, at(c.at())}, b.id());
  await_outcome();
  std::map<std::string, Attempt> attempts;
  for (const Attempt& attempt : dialer.attempts()) attempts[attempt.address] = attempt;
  ASSERT_EQ(attempts.size(), 3U);
  EXPECT_EQ(attempts[closed.text()].error, "Connection refused");
  EXPECT_FALSE(attempts[closed.text()].who);
  EXPECT_FALSE(attempts[std::string(64, 'x') + ":1"].error.empty());
  EXPECT_EQ(attempts[c.at().text()].who, c.id());
}

TEST_F(NetDialer, TellsThatItTakesLong) {
  dialer.reach({at(mute.at())}, {});
  ASSERT_TRUE(run_until(loop, [&] { return outcome.delays == 1; }));
  EXPECT_TRUE(dialer.busy());
  dialer.reach({at(nobody()), at(b.at())}, {});
  await_outcome();
  EXPECT_EQ(outcome.reached.size(), 1U);
  EXPECT_EQ(outcome.delays, 2);
}

TEST_F(NetDialer, SaysThatANameIsUnknown) {
  dialer.reach({{std::string(64, 'x'), 1}}, {});
  await_outcome();
  ASSERT_EQ(outcome.causes.size(), 1U);
  EXPECT_FALSE(outcome.causes.front().empty());
  EXPECT_NE(outcome.causes.front(), "it has no address");
}

TEST_F(NetDialer, SaysThatThereIsNoAddressToTry) {
  dialer.reach({at(nobody())}, {});
  await_outcome();
  outcome.causes.clear();
  dialer.reach({}, {});
  EXPECT_EQ(outcome.causes, std::vector<std::string>{"it has no address"}); // not the last cause
}

TEST_F(NetDialer, IsSilentWhenItIsGivenUp) {
  dialer.reach({at(b.at()), at(b.at())}, {});
  dialer.give_up(); // while it looks the name up
  EXPECT_FALSE(dialer.busy());
  settle(loop);
  EXPECT_EQ(a.sessions.size(), 0U);

  dialer.reach({at(mute.at()), at(b.at())}, {});
  ASSERT_TRUE(run_until(loop, [&] { return a.sessions.size() == 1; })); // while it dials
  dialer.give_up();
  EXPECT_EQ(a.sessions.size(), 0U);
  settle(loop);
  EXPECT_FALSE(outcome.known());
  EXPECT_EQ(b.sessions.size(), 0U);
}

TEST_F(NetDialer, IsSilentWhenItIsDestroyed) {
  for (const bool dialling : {false, true}) {
    auto dropped = std::make_unique<Dialer>(loop, a.sessions, outcome);
    dropped->reach({at(mute.at()), at(b.at())}, {});
    ASSERT_TRUE(run_until(loop, [&] { return !dialling || a.sessions.size() == 1; }));
    dropped.reset();
    settle(loop);
    EXPECT_FALSE(outcome.known());
    EXPECT_EQ(a.sessions.size(), 0U);
  }
}

TEST_F(NetDialer, MayBeDestroyedByWhatItTells) {
  auto dropped = std::make_unique<Dialer>(loop, a.sessions, outcome);
  outcome.then = [&] { dropped.reset(); };
  dropped->reach({at(b.at())}, {});
  ASSERT_TRUE(run_until(loop, [&] { return dropped == nullptr; }));
  EXPECT_EQ(outcome.reached.size(), 1U);
  settle(loop);
  EXPECT_NE(a.linked(b), nullptr);

  dropped = std::make_unique<Dialer>(loop, a.sessions, outcome);
  dropped->reach({at(nobody()), at(nobody())}, {});
  ASSERT_TRUE(run_until(loop, [&] { return dropped == nullptr; }));
  EXPECT_EQ(outcome.causes.size(), 1U);
}

TEST_F(NetDialer, ReachesForTheNextNodeInstead) {
  dialer.reach({at(mute.at()), at(b.at())}, {});
  ASSERT_TRUE(run_until(loop, [&] { return a.sessions.size() == 1; }));
  dialer.reach({at(c.at())}, {});
  await_outcome();
  ASSERT_EQ(outcome.reached.size(), 1U);
  EXPECT_EQ(outcome.reached.front()->id(), c.id());
  EXPECT_EQ(a.sessions.size(), 1U);
}

// Closing fails the first attempt, after which another address or secret would be next.
TEST_F(NetDialer, DialsNobodyOnceTheNodeStops) {
  Node both(loop, 4, {0x77, 0x55});
  Dialer from_both{loop, both.sessions, outcome};
  for (auto [node, dials] : {std::pair{&a, &dialer}, std::pair{&both, &from_both}}) {
    outcome.causes.clear();
    dials->reach({at(mute.at()), at(b.at()), at(c.at())}, {});
    ASSERT_TRUE(run_until(loop, [&] { return node->sessions.size() == 1; }));
    node->sessions.close_all("shutting down");
    EXPECT_EQ(outcome.causes, std::vector<std::string>{"this node is stopping"});
    dials->reach({at(b.at())}, {});
    EXPECT_EQ(outcome.causes.size(), 2U);
    EXPECT_EQ(node->sessions.size(), 0U);
  }
}

TEST_F(NetDialer, TriesAgainFromItsOwnFailure) {
  const io::Endpoint first = nobody();
  outcome.then = [&] {
    if (outcome.causes.size() == 1 && outcome.reached.empty()) dialer.reach({at(b.at())}, {});
  };
  dialer.reach({at(first)}, {});
  ASSERT_TRUE(run_until(loop, [&] { return !outcome.reached.empty(); }));
  EXPECT_EQ(outcome.causes.size(), 1U);
}

} // namespace
} // namespace p2pd::net
