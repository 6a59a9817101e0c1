// What a tracker passes on for peers that cannot dial each other.

#include "tests/unit/tracker_wire.hpp"

namespace p2pd::tracker {
namespace {

TEST_F(TrackerTest, PingsAPeerForAnother) {
  Node a(loop, 1), b(loop, 2);
  enter(a);
  enter(b);
  const auto relayed = ask<proto::Relayed>(b, proto::RelayPing{{}, a.id()});
  ASSERT_TRUE(relayed);
  EXPECT_TRUE(relayed->alive);
  EXPECT_GT(relayed->rtt_us, 0U);
  const auto nobody = ask<proto::Relayed>(b, proto::RelayPing{{}, peer(9)});
  ASSERT_TRUE(nobody);
  EXPECT_FALSE(nobody->alive);
}

TEST_F(TrackerTest, TellsThatAPeerWasLostWhileItWasPinged) {
  Node a(loop, 1), b(loop, 2), c(loop, 3);
  for (Node* const node : {&a, &b, &c}) enter(*node);
  // The ping is on its way to a peer that says goodbye without having read it.
  a.linked(node)->close(proto::Reason::leaving, "bye");
  b.linked(node)->send(proto::RelayPing{RequestId{1000}, a.id()});
  c.linked(node)->send(proto::RelayPing{RequestId{1000}, a.id()});
  vanish(c); // who asked is gone before the answer is there
  ASSERT_TRUE(io::run_until(loop, [&] { return b.ear.messages.size() > 1; }));
  const auto& relayed = std::get<proto::Relayed>(b.ear.messages.back());
  EXPECT_EQ(relayed.request, RequestId{1000});
  EXPECT_FALSE(relayed.alive);
}

TEST_F(TrackerTest, AsksAPeerToDialBack) {
  Node a(loop, 1), b(loop, 2);
  enter(a);
  enter(b);
  b.linked(node)->send(proto::Unreachable{peer(9)}); // who is not here
  b.linked(node)->send(proto::Unreachable{a.id()});
  ASSERT_TRUE(io::run_until(
      loop, [&] { return std::holds_alternative<proto::DialBack>(a.ear.messages.back()); }));
  const auto& asked = std::get<proto::DialBack>(a.ear.messages.back()).peer;
  EXPECT_EQ(asked.id, b.id());
  EXPECT_EQ(asked.addresses.at(0), b.at().text());
}

} // namespace
} // namespace p2pd::tracker
