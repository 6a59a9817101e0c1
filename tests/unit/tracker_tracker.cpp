// The tracker role as peers meet it: over real sessions on the loopback.

#include "daemon/lookup/nodes.hpp"
#include "proto/reconcile.hpp"
#include "tests/unit/tracker_wire.hpp"

namespace p2pd::tracker {
namespace {

TEST_F(TrackerTest, RegistersAPeer) {
  Node a(loop, 1);
  connect(a);
  EXPECT_FALSE(tracker.registry().has(a.id()));
  const auto registered = ask<proto::Registered>(a, proto::Register());
  ASSERT_TRUE(registered);
  EXPECT_EQ(registered->observed, a.linked(node)->local().text());
  EXPECT_EQ(registered->timeout_s, 7U);
  EXPECT_TRUE(tracker.registry().has(a.id()));
  EXPECT_NE(ask<proto::Registered>(a, proto::Register()), std::nullopt); // again is no harm
  EXPECT_EQ(tracker.registry().members().size(), 1U);
}

TEST_F(TrackerTest, TellsOthersWhatIsPublished) {
  Node a(loop, 1), b(loop, 2);
  enter(a);
  enter(b);
  publish(a, publication(aa, "file"));
  EXPECT_EQ(list(b), Names{"file"});
  EXPECT_EQ(list(b, "fi*"), Names{"file"});
  EXPECT_EQ(list(b, "x*"), Names());
  for (const std::string& word : {std::string("file"), std::string("aa"), to_text(aa)}) {
    const auto resolved = ask<proto::Resolved>(b, proto::Resolve{{}, word});
    ASSERT_TRUE(resolved);
    ASSERT_EQ(resolved->files.size(), 1U) << word;
    EXPECT_EQ(resolved->files[0].content, aa);
    ASSERT_EQ(resolved->files[0].publishers.size(), 1U);
    EXPECT_EQ(resolved->files[0].publishers[0].name, "node-1");
    EXPECT_EQ(resolved->files[0].publishers[0].address, a.at().text());
  }
  const auto sources = locate(b, aa);
  ASSERT_EQ(sources.size(), 1U);
  EXPECT_EQ(sources[0].peer.id, a.id());
  EXPECT_EQ(sources[0].peer.name, "node-1");
  EXPECT_EQ(sources[0].peer.addresses.at(0), a.at().text());
  EXPECT_TRUE(sources[0].whole);
  EXPECT_TRUE(locate(a, aa).empty()); // nobody but itself
  EXPECT_TRUE(locate(b, bb).empty());
}

TEST_F(TrackerTest, FindsAPeerByNameAddressAndId) {
  Node a(loop, 1), b(loop, 2);
  enter(a);
  enter(b);
  const auto found = [&](const std::string& word) {
    const auto resolved = ask<proto::Resolved>(b, proto::Resolve{{}, word});
    Names names;
    if (resolved)
      for (const PeerInfo& info : resolved->peers) names.push_back(info.name);
    return names;
  };
  EXPECT_EQ(found("node-1"), Names{"node-1"});
  EXPECT_EQ(found(a.at().text()), Names{"node-1"});
  EXPECT_EQ(found(proto::to_text(a.id())), Names{"node-1"});
  EXPECT_EQ(found(proto::to_text(a.id()).substr(0, 12)), Names{"node-1"});
  EXPECT_EQ(found("node"), Names()); // a name is typed whole
  EXPECT_EQ(found(""), Names());
  EXPECT_EQ(found(proto::to_text(a.id()) + "a"), Names());
  EXPECT_EQ(found("no id!"), Names());
  vanish(a);
  EXPECT_EQ(found("node-1"), Names());
  EXPECT_EQ(found(proto::to_text(a.id()).substr(0, 12)), Names());
}

// The index finds what going through all of them would.
TEST_F(TrackerTest, FindsWhomAWordNames) {
  std::vector<std::unique_ptr<Node>> peers;
  for (std::uint8_t i = 1; i <= 30; ++i) {
    peers.push_back(std::make_unique<Node>(loop, i));
    peers.back()->sessions.self().name = "host-" + std::to_string(i % 4);
    enter(*peers.back());
  }
  EXPECT_NE(ask<proto::Registered>(*peers[0], proto::Register()), std::nullopt); // again
  peers.erase(peers.begin() + 3);
  ASSERT_TRUE(io::run_until(loop, [&] { return tracker.registry().members().size() == 29; }));
  std::vector<std::string> words{"host-1", "host-3", "host-9", peers[5]->at().text()};
  for (char digit = 'a'; digit <= 'z'; ++digit) words.emplace_back(1, digit);
  for (char digit = '2'; digit <= '7'; ++digit) words.emplace_back(1, digit);
  for (const auto& peer : peers) words.push_back(to_text(peer->id()).substr(0, 3));
  for (const std::string& word : words) {
    std::vector<PeerId> expected;
    for (const auto& [id, session] : tracker.registry().members())
      if (lookup::fit_of(lookup::node_of(session->info()), word) != lookup::Fit::none)
        expected.push_back(id);
    EXPECT_EQ(tracker.registry().find(word), expected) << word;
  }
}

TEST_F(TrackerTest, LearnsOfChunksAsTheyArrive) {
  Node a(loop, 1), b(loop, 2);
  enter(a);
  enter(b);
  publish(b, use(aa, "file", 8));
  ASSERT_EQ(locate(a, aa).size(), 1U);
  EXPECT_FALSE(locate(a, aa)[0].whole);
  b.linked(node)->send(proto::HaveBatch{{arrival(aa, {8}), arrival(bb, {0}), arrival(aa, {9})}});
  ASSERT_TRUE(io::run_until(loop, [&] { return locate(a, aa).at(0).whole; }));
}

TEST_F(TrackerTest, ForgetsWhoVanishes) {
  Node a(loop, 1), b(loop, 2);
  enter(a);
  enter(b);
  publish(a, publication(aa, "only a"));
  publish(a, publication(bb, "both"));
  publish(b, use(bb, "both"));
  vanish(a);
  EXPECT_FALSE(tracker.registry().has(a.id()));
  EXPECT_EQ(list(b), Names{"both"});
  EXPECT_TRUE(locate(b, aa).empty());
  EXPECT_EQ(tracker.catalog().contents(), 1U);
  enter(a); // and takes it back
  publish(a, publication(aa, "only a"));
  EXPECT_EQ(list(b), (Names{"both", "only a"}));
}

TEST_F(TrackerTest, ForgetsWhoIsCutOff) {
  Node b(loop, 2);
  enter(b);
  {
    Node a(loop, 1);
    net::Relay relay(loop, node.at());
    a.dial(relay.at());
    ASSERT_TRUE(io::run_until(loop, [&] { return a.linked(node) && node.linked(a); }));
    EXPECT_NE(ask<proto::Registered>(a, proto::Register()), std::nullopt);
    publish(a, publication(aa, "file"));
    EXPECT_EQ(list(b), Names{"file"});
  }
  ASSERT_TRUE(io::run_until(loop, [&] { return tracker.registry().members().size() == 1; }));
  EXPECT_TRUE(list(b).empty());
}

TEST_F(TrackerTest, LetsAPeerLeaveAndStayConnected) {
  Node a(loop, 1), b(loop, 2);
  enter(a);
  enter(b);
  publish(a, publication(aa, "file"));
  EXPECT_TRUE(ask<proto::Done>(a, proto::Leave()));
  EXPECT_TRUE(list(b).empty());
  EXPECT_TRUE(locate(b, aa).empty());
  EXPECT_NE(a.linked(node), nullptr);
  EXPECT_TRUE(ask<proto::Done>(a, proto::Leave())); // twice is once
  EXPECT_NE(ask<proto::Registered>(a, proto::Register()), std::nullopt);
  publish(a, publication(aa, "file"));
  EXPECT_EQ(list(b), Names{"file"});
}

TEST_F(TrackerTest, WithdrawsWhatIsUnpublished) {
  Node a(loop, 1), b(loop, 2);
  enter(a);
  enter(b);
  publish(a, publication(aa, "file"));
  EXPECT_TRUE(ask<proto::Done>(a, proto::Unpublish{{}, aa}));
  EXPECT_TRUE(list(b).empty());
  EXPECT_TRUE(ask<proto::Done>(a, proto::Unpublish{{}, aa}));
}

// The peer was cut off and came back before the tracker noticed; the end of the old link takes
// nothing from the new one.
TEST_F(TrackerTest, KeepsWhatThePeerToldOnItsNewLink) {
  Node watcher(loop, 2);
  enter(watcher);
  Node before(loop, 1);
  enter(before);
  publish(before, publication(aa, "old"));
  Node after(loop, 1); // the same identity
  after.dial(node.at());
  ASSERT_TRUE(
      io::run_until(loop, [&] { return after.linked(node) && !before.ear.closed.empty(); }));
  EXPECT_NE(ask<proto::Registered>(after, proto::Register()), std::nullopt);
  EXPECT_EQ(list(watcher), Names{"old"}); // until it says that it has nothing of that any more
  const auto nothing = proto::digests_of({}, 1);
  EXPECT_NE(ask<proto::Reconciled>(after, proto::Reconcile{{}, nothing}), std::nullopt);
  publish(after, publication(bb, "new"));
  io::settle(loop);
  EXPECT_EQ(list(watcher), Names{"new"});
  EXPECT_EQ(locate(watcher, bb).size(), 1U);
  EXPECT_EQ(tracker.registry().members().size(), 2U);
}

} // namespace
} // namespace p2pd::tracker
