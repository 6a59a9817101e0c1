// Who may be linked at all: members, as long as they are not banned.

#include "tests/unit/net_relay.hpp"

namespace p2pd::net {
namespace {

TEST_F(NetTest, WhoIsBannedIsCutOffAndStaysOut) {
  Node a(loop, 1), b(loop, 2), c(loop, 3);
  link(b, a);
  link(c, a);
  a.sessions.ban(b.id());
  EXPECT_EQ(a.linked(b), nullptr); // at once
  EXPECT_NE(a.linked(c), nullptr);
  ASSERT_TRUE(run_until(loop, [&] { return b.sessions.size() == 0; }));
  EXPECT_EQ(b.ear.closed, std::vector<std::string>{"it said goodbye: banned"});

  b.dial(a.at());
  ASSERT_TRUE(run_until(loop, [&] { return b.ear.closed.size() == 2; }));
  EXPECT_EQ(b.ear.closed.back(),
            "it closed the link when it knew who this node is: it may have banned it");
  EXPECT_TRUE(b.ear.ready.empty());
  a.dial(b.at());
  ASSERT_TRUE(run_until(loop, [&] {
    return a.sessions.size() == 0 || a.linked(b) != nullptr ||
           a.ear.closed.back() == "it is banned";
  }));
  EXPECT_EQ(a.ear.closed.back(), "it is banned");

  a.sessions.lift_ban(b.id());
  link(b, a);
}

TEST_F(NetTest, ABanMeetsALinkThatIsStillBeingMade) {
  Node a(loop, 1), b(loop, 2);
  b.dial(a.at());
  ASSERT_TRUE(run_until(loop, [&] { return a.sessions.size() == 1; }));
  a.sessions.ban(b.id());
  ASSERT_TRUE(run_until(loop, [&] { return b.sessions.size() == 0; }));
  EXPECT_EQ(a.linked(b), nullptr);
}

TEST_F(NetTest, WithoutASecretNobodyIsAnsweredUntilThereIsOne) {
  Node a(loop, 1, {}), b(loop, 2);
  EXPECT_FALSE(a.sessions.member());
  b.dial(a.at());
  ASSERT_TRUE(run_until(loop, [&] { return !b.ear.closed.empty(); }));
  a.sessions.set_secrets({filled<proto::noise::Psk>(0x55)});
  link(a, b);
}

} // namespace
} // namespace p2pd::net
