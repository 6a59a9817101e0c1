// A limit on links is one, whoever dials; and trackers have their places.
#include "tests/unit/net_fixture.hpp"

namespace p2pd::net {
namespace {

using enum Purpose;

TEST(NetPlaces, PeersLeaveThoseOfTrackersFree) {
  Places places{.limit = 3, .used = 1, .trackers = 1};
  EXPECT_TRUE(places.free_for(peer));
  places.used = 2;
  EXPECT_FALSE(places.free_for(peer)) << "the last one is the tracker's";
  EXPECT_TRUE(places.free_for(tracker));
  places.to_trackers = 1;
  EXPECT_TRUE(places.free_for(peer));
  places.used = 3;
  EXPECT_FALSE(places.free_for(peer));
  EXPECT_FALSE(places.free_for(tracker));
}

TEST(NetPlaces, TrackersLeaveOneToPeers) {
  const Places places{.limit = 3, .used = 2, .to_trackers = 2, .trackers = 9};
  EXPECT_FALSE(places.free_for(tracker));
  EXPECT_TRUE(places.free_for(peer));
  const Places roomy{.limit = 5, .used = 2, .to_trackers = 2, .trackers = 2};
  EXPECT_TRUE(roomy.free_for(tracker)) << "such as the second address of one";
  const Places one{.limit = 1, .trackers = 1};
  EXPECT_TRUE(one.free_for(tracker));
  EXPECT_FALSE(one.free_for(peer)) << "without a tracker it would find nobody";
}

class NetPlacesTest : public NetTest {
 protected:
  Outcome outcome; // hears of the links' end
  Node a{loop, 1, {0x55}, 1};
  Node b{loop, 2};
  Node c{loop, 3};
  Dialer dialer{loop, a.sessions, outcome};

  void reach(const Node& node) {
    const std::size_t before = outcome.reached.size() + outcome.causes.size();
    dialer.reach({{"127.0.0.1", node.at().port()}}, node.id());
    ASSERT_TRUE(
        run_until(loop, [&] { return outcome.reached.size() + outcome.causes.size() > before; }));
  }
};

TEST_F(NetPlacesTest, WhoDialsHeedsTheLimit) {
  reach(b);
  ASSERT_EQ(outcome.reached.size(), 1U);
  reach(c);
  EXPECT_EQ(outcome.causes,
            std::vector<std::string>{"all 1 connections that [limits] connections allows are in "
                                     "use"});
  EXPECT_EQ(a.sessions.size(), 1U);
}

TEST_F(NetPlacesTest, WhatIsOfNoUseMakesWay) {
  reach(b);
  outcome.ear.use = {};
  reach(c);
  EXPECT_EQ(outcome.reached.size(), 2U);
  EXPECT_EQ(a.sessions.size(), 1U);
  EXPECT_NE(a.linked(c), nullptr);
}

} // namespace
} // namespace p2pd::net
