// What a peer had told before its link was cut, and need not tell again.

#include "proto/reconcile.hpp"
#include "tests/unit/tracker_catalog.hpp"
#include "tests/unit/tracker_wire.hpp"

namespace p2pd::tracker {
namespace {

using Told = std::vector<proto::Publish>;

class CutOff : public TrackerTest {
 protected:
  // A peer whose line to the tracker breaks, without a word from either side, and is mended.
  struct Frail {
    Frail(io::Loop& loop, std::uint8_t identity, const Node& tracker)
        : line(loop, tracker.at()), node(loop, identity) {}
    net::Relay line;
    Node node;
  };
  void enter(Frail& peer) {
    peer.node.dial(peer.line.at());
    ASSERT_TRUE(
        io::run_until(loop, [&] { return peer.node.linked(node) && node.linked(peer.node); }));
    EXPECT_TRUE(ask<proto::Registered>(peer.node, proto::Register()));
  }
  void tell(Frail& peer) {
    enter(peer);
    for (const proto::Publish& one : told) publish(peer.node, one);
  }
  void cut(Frail& peer) {
    peer.line.cut();
    ASSERT_TRUE(
        io::run_until(loop, [&] { return !peer.node.linked(node) && !node.linked(peer.node); }));
  }
  std::vector<int> differ(Frail& peer, const Told& told, std::size_t groups) {
    const auto answer =
        ask<proto::Reconciled>(peer.node, proto::Reconcile{{}, proto::digests_of(told, groups)});
    return answer ? std::vector<int>(answer->differ.begin(), answer->differ.end())
                  : std::vector<int>{-1};
  }

  const ContentId at_1 = content("01"), at_2 = content("02"), at_5 = content("05");
  const Told told{publication(at_1, "a"), use(at_1, "b"), use(at_2, "c", 3),
                  publication(at_5, "d")};
  using Groups = std::vector<int>;
  Frail a{loop, 1, node};
  Node b{loop, 2};
};

TEST_F(CutOff, IsGoneAtOnceAndListedAgainWithoutTellingIt) {
  TrackerTest::enter(b);
  tell(a);
  cut(a);
  EXPECT_EQ(list(b), Names());
  enter(a);
  EXPECT_EQ(list(b), Names()); // not before it has said that nothing has changed
  EXPECT_EQ(differ(a, told, 4), Groups());
  EXPECT_EQ(list(b), (Names{"a", "b", "c", "d"}));
  EXPECT_EQ(locate(b, at_5).size(), 1U);
  EXPECT_EQ(tracker.catalog().told_by(a.node.id()).size(), told.size());
}

TEST_F(CutOff, TellsAgainWhatChangedMeanwhile) {
  TrackerTest::enter(b);
  tell(a);
  cut(a);
  enter(a);
  Told now = told;
  now[2] = use(at_2, "c", 4); // a chunk came
  EXPECT_EQ(differ(a, now, 4), Groups{2});
  EXPECT_EQ(list(b), (Names{"a", "b", "d"}));
  EXPECT_EQ(differ(a, now, 4), Groups{2}); // as the rest is listed
}

// Its address has changed: it dials again, and nobody has noticed that the first link is dead.
TEST_F(CutOff, StaysListedWhenItsLinkIsReplaced) {
  std::size_t notices = 0;
  TrackerTest::enter(b);
  b.linked(node)->send(proto::Follow{0b111111});
  tell(a);
  EXPECT_EQ(list(b).size(), 4U);
  const auto heard = [&] { return b.ear.all<proto::Notice>().size(); };
  notices = heard();
  a.line.forth = a.line.back = [](proto::Bytes& bytes) { bytes.clear(); };
  Node again(loop, 1); // the same process, by another link
  connect(again);
  EXPECT_EQ(list(b), (Names{"a", "b", "c", "d"}));
  EXPECT_EQ(tracker.registry().members().at(again.id()), node.linked(again));
  EXPECT_TRUE(ask<proto::Registered>(again, proto::Register()));
  Told now = told;
  now.pop_back(); // and "d" was withdrawn meanwhile
  const auto answer =
      ask<proto::Reconciled>(again, proto::Reconcile{{}, proto::digests_of(now, 8)});
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->differ, (decltype(answer->differ){5}));
  EXPECT_EQ(list(b), (Names{"a", "b", "c"}));
  EXPECT_EQ(heard(), notices) << "nobody came, left or published";
}

TEST_F(CutOff, IsNoNewsToThoseWhoHadHeardOfIt) {
  TrackerTest::enter(b);
  b.linked(node)->send(proto::Follow{1U << static_cast<unsigned>(NoticeKind::published)});
  tell(a);
  cut(a);
  Node late(loop, 3);
  TrackerTest::enter(late);
  late.linked(node)->send(proto::Follow{1U << static_cast<unsigned>(NoticeKind::published)});
  list(late);
  enter(a);
  const std::size_t before = b.ear.all<proto::Notice>().size();
  EXPECT_EQ(differ(a, told, 4), Groups());
  ASSERT_TRUE(io::run_until(loop, [&] { return late.ear.all<proto::Notice>().size() == 2; }));
  list(b);
  EXPECT_EQ(b.ear.all<proto::Notice>().size(), before);
}

TEST_F(CutOff, KeepsNothingOfThoseWhoLeave) {
  tell(a);
  vanish(a.node);
  enter(a);
  EXPECT_EQ(differ(a, told, 4), (Groups{1, 2}));
}

TEST_F(CutOff, StandsBesideThoseWhoContradictItByNow) {
  TrackerTest::enter(b);
  tell(a);
  cut(a);
  proto::Publish larger = publication(at_5, "d");
  larger.size += chunk_size;
  publish(b, larger);
  enter(a);
  EXPECT_EQ(differ(a, told, 8), Groups());
}

TEST_F(CutOff, HasToRegisterAndToHaveADigest) {
  const auto refused = [&](const proto::Reconcile& message) {
    b.linked(node)->send(message);
    return io::run_until(loop, [&] { return node.linked(b) == nullptr; });
  };
  connect(b);
  EXPECT_TRUE(refused({{}, proto::digests_of(told, 4)}));
  ASSERT_TRUE(io::run_until(loop, [&] { return b.linked(node) == nullptr; }));
  TrackerTest::enter(b);
  EXPECT_TRUE(refused({{}, {}}));
}

TEST_F(CatalogTest, TellsWhatAPeerWouldAnnounce) {
  const Told told{publication(aa, "a"), use(aa, "b"), use(bb, "c", 3),
                  publication(content("cc"), "d")};
  for (const proto::Publish& one : told) catalog.publish(p1, one);
  catalog.publish(p2, publication(aa, "e"));
  EXPECT_EQ(proto::digests_of(catalog.told_by(p1), 16), proto::digests_of(told, 16));
  catalog.arrived(p1, arrival(bb, {7}));
  EXPECT_NE(proto::digests_of(catalog.told_by(p1), 16), proto::digests_of(told, 16));
  EXPECT_TRUE(catalog.told_by(p3).empty());
}

TEST(Absent, KeepsForAGraceTime) {
  io::Loop loop;
  Absent absent(loop, std::chrono::milliseconds(20));
  absent.put(peer(1), {publication(content("01"), "a")});
  absent.put(peer(2), {});
  EXPECT_EQ(absent.size(), 1U);
  EXPECT_EQ(absent.take(peer(1)).told.size(), 1U);
  EXPECT_TRUE(absent.take(peer(1)).told.empty());
  absent.put(peer(1), {publication(content("01"), "a")});
  absent.put(peer(1), {publication(content("01"), "a"), publication(content("02"), "b")});
  EXPECT_EQ(absent.size(), 2U);
  EXPECT_TRUE(io::run_until(loop, [&] { return absent.size() == 0; }));
}

TEST(Absent, KeepsABoundedAmount) {
  io::Loop loop;
  Absent absent(loop, std::chrono::minutes(1));
  absent.put(peer(1), Told(400'000));
  absent.put(peer(2), Told(100'001));
  EXPECT_EQ(absent.size(), 400'000U);
  EXPECT_TRUE(absent.take(peer(2)).told.empty());
}

} // namespace
} // namespace p2pd::tracker
