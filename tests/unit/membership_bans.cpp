#include "daemon/membership/bans.hpp"

#include "daemon/base/log.hpp"
#include "proto/error.hpp"
#include "tests/unit/net_fixture.hpp"

namespace p2pd::membership {
namespace {

PeerId id(std::uint8_t number) {
  return net::filled<PeerId>(number);
}

class PeerBans : public net::NetTest {
 protected:
  PeerBans() { base::log::set_level(base::log::Level::error); }
  ~PeerBans() override { io::settle(loop); }
  bool out(std::uint8_t number) const { return node.sessions.banned(id(number)); }

  net::Node node{loop, 1};
  state::StateDb state{loop, "/nonexistent/state.db"};
  Bans bans{node.sessions, state};
  const PeerId one = id(101), other = id(102);
};

TEST_F(PeerBans, AddUpAndAreLifted) {
  bans.take(one, {false, {id(1), id(2)}, {}});
  bans.take(one, {false, {id(3)}, {id(1)}});
  EXPECT_TRUE(!out(1) && out(2) && out(3));
}

TEST_F(PeerBans, TheWholeListReplacesWhatThatTrackerSaid) {
  bans.take(one, {false, {id(1), id(2)}, {}});
  bans.take(other, {false, {id(4)}, {}});
  bans.take(one, {true, {id(2), id(3)}, {}});
  EXPECT_TRUE(!out(1) && out(2) && out(3) && out(4));
  bans.take(one, {true, {}, {}});
  EXPECT_TRUE(!out(2) && !out(3) && out(4));
}

TEST_F(PeerBans, AnIdIsOutAsLongAsOneTrackerSaysSo) {
  for (const PeerId& tracker : {one, other}) bans.take(tracker, {false, {id(1)}, {}});
  bans.take(one, {false, {}, {id(1)}});
  EXPECT_TRUE(out(1));
  bans.forget(other);
  EXPECT_FALSE(out(1));
}

TEST_F(PeerBans, AreRestored) {
  bans.restore({{id(1), one, "nas", 12}});
  EXPECT_TRUE(out(1));
  bans.take(one, {false, {}, {id(1)}});
  EXPECT_FALSE(out(1));
}

TEST_F(PeerBans, ATrackerMayNotBanWithoutEnd) {
  proto::Ban many;
  many.banned.resize(many.banned.max);
  for (std::size_t i = 0; i < many.banned.size(); ++i) {
    many.banned[i].bytes[0] = static_cast<std::uint8_t>(i);
    many.banned[i].bytes[1] = static_cast<std::uint8_t>(i >> 8);
  }
  bans.take(one, many);
  EXPECT_THROW(bans.take(one, {false, {id(1)}, {}}), proto::Error);
  EXPECT_FALSE(out(1));
}

} // namespace
} // namespace p2pd::membership
