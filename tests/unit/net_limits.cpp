// How many links may be pending, and that a replayed first message opens none.

#include "tests/unit/net_relay.hpp"

namespace p2pd::net {
namespace {

class NetLimits : public NetTest {
 protected:
  std::unique_ptr<Stranger> stranger(const Node& node) {
    auto made = std::make_unique<Stranger>(loop, node.at());
    EXPECT_TRUE(run_until(loop, [&] { return made->connected(); }));
    return made;
  }
  static std::uint64_t refused(Node& node, Refusal cause) {
    return node.sessions.refusals().of(cause);
  }
};

TEST_F(NetLimits, AFirstMessageIsAnsweredOnce) {
  Node a(loop, 1), b(loop, 2, {0x66, 0x55}); // by the second secret that it tries
  Relay relay(loop, b.at());
  Bytes captured;
  relay.forth = [&](Bytes& bytes) {
    if (captured.empty()) captured = bytes;
  };
  a.dial(relay.at());
  await_link(a, b);
  ASSERT_EQ(captured.size(), 2U + 48 + cipher::has_fast_aes());
  for (std::uint64_t i = 1; i <= 3; ++i) {
    const auto replayer = stranger(b);
    replayer->say(captured);
    ASSERT_TRUE(run_until(loop, [&] { return replayer->dropped(); }));
    EXPECT_TRUE(replayer->ear.bytes.empty());
    EXPECT_EQ(refused(b, Refusal::replay), i);
    EXPECT_EQ(b.ear.closed.back(), "a first message was sent a second time");
  }
  EXPECT_EQ(refused(b, Refusal::stranger), 0U);
  EXPECT_NE(b.linked(a), nullptr);
}

TEST_F(NetLimits, EachCauseIsCounted) {
  Node node(loop, 1);
  const auto say = [&](View bytes) {
    const auto someone = stranger(node);
    someone->say(bytes);
    ASSERT_TRUE(run_until(loop, [&] { return someone->dropped(); }));
  };
  say(proto::view("GET / HTTP/1.1\r\n\r\n"));
  EXPECT_EQ(refused(node, Refusal::too_long), 1U);
  say(Bytes(50, 0));
  EXPECT_EQ(refused(node, Refusal::stranger), 1U);
  { const auto passer_by = stranger(node); } // who hangs up is no harm
  ASSERT_TRUE(run_until(loop, [&] { return node.ear.closed.size() == 3; }));
  std::uint64_t sum = 0;
  node.sessions.refusals().each([&](std::string_view, std::uint64_t count) { sum += count; });
  EXPECT_EQ(sum, 2U);
}

TEST_F(NetLimits, OfOneAddressTheOldestMakesWay) {
  Node node(loop, 1, {0x55}, 2 * PendingLinks::most_of_one);
  std::vector<std::unique_ptr<Stranger>> strangers;
  for (std::size_t i = 0; i < PendingLinks::most_of_one; ++i) strangers.push_back(stranger(node));
  ASSERT_TRUE(run_until(loop, [&] { return node.sessions.size() == PendingLinks::most_of_one; }));
  EXPECT_EQ(refused(node, Refusal::address), 0U);
  Node member(loop, 2);
  link(member, node);
  EXPECT_TRUE(run_until(loop, [&] { return strangers[0]->dropped(); }));
  EXPECT_FALSE(strangers[1]->dropped());
  EXPECT_EQ(refused(node, Refusal::address), 1U);
  EXPECT_TRUE(strangers[0]->ear.bytes.empty());
  // It is not pending any more, so there is room for one again.
  strangers.push_back(stranger(node));
  ASSERT_TRUE(
      run_until(loop, [&] { return node.sessions.size() == PendingLinks::most_of_one + 1; }));
  EXPECT_EQ(refused(node, Refusal::address), 1U);
}

TEST_F(NetLimits, StrangersMakeWayForMembers) {
  Node node(loop, 1, {0x55}, 3);
  const auto first = stranger(node), second = stranger(node), third = stranger(node);
  Node a(loop, 2), b(loop, 3), c(loop, 4), d(loop, 5);
  std::uint64_t count = 0;
  for (Node* const member : {&a, &b, &c}) {
    link(*member, node);
    EXPECT_EQ(refused(node, Refusal::connections), ++count);
    EXPECT_EQ(node.sessions.size(), 3U);
  }
  EXPECT_TRUE(
      run_until(loop, [&] { return first->dropped() && second->dropped() && third->dropped(); }));
  d.dial(node.at()); // now all are members, and stay
  ASSERT_TRUE(run_until(loop, [&] { return !d.ear.closed.empty(); }));
  EXPECT_EQ(refused(node, Refusal::connections), 4U);
  for (const Node* const member : {&a, &b, &c}) EXPECT_NE(node.linked(*member), nullptr);
}

// The initiator need not wait after its last message. Little is read before that, all of it then.
TEST_F(NetLimits, RecordsMayFollowTheHandshakeAtOnce) {
  Node a(loop, 1), b(loop, 2);
  Relay relay(loop, b.at());
  Bytes held;
  std::size_t parts = 0;
  relay.forth = [&](Bytes& bytes) {
    if (parts++ == 0) return; // message 1
    held.insert(held.end(), bytes.begin(), bytes.end());
    bytes.clear();
  };
  Session& session = a.dial(relay.at());
  ASSERT_TRUE(run_until(loop, [&] { return !held.empty(); }));
  for (std::uint32_t i = 0; i < 20'000; ++i) session.send(proto::Done{proto::RequestId{i}});
  ASSERT_TRUE(run_until(loop, [&] { return held.size() > 100'000; }));
  relay.forth = [](Bytes&) {};
  relay.pass(std::move(held));
  ASSERT_TRUE(run_until(loop, [&] { return b.ear.messages.size() == 20'000; }));
  EXPECT_EQ(number(b.ear.all<proto::Done>().back().request), 19'999U);
}

} // namespace
} // namespace p2pd::net
