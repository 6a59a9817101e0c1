// What a tracker refuses, withholds, and still manages.

#include "daemon/io/interfaces.hpp"
#include "tests/unit/tracker_wire.hpp"

namespace p2pd::tracker {
namespace {

TEST_F(TrackerTest, TakesNothingFromWhoHasNotRegistered) {
  {
    Node a(loop, 1);
    connect(a);
    EXPECT_FALSE(ask<proto::Done>(a, publication(aa, "file")));
    EXPECT_EQ(a.ear.closed, Names{"it said goodbye: not registered"});
  }
  Node a(loop, 1);
  connect(a);
  a.linked(node)->send(proto::HaveBatch());
  ASSERT_TRUE(io::run_until(loop, [&] { return !a.ear.closed.empty(); }));
  EXPECT_EQ(tracker.catalog().contents(), 0U);
}

// One who says otherwise of a content than others is listed beside them.
TEST_F(TrackerTest, ListsAContradictionAndKeepsTheLink) {
  Node a(loop, 1), b(loop, 2);
  enter(a);
  enter(b);
  publish(a, publication(aa, "file"));
  proto::Publish other = publication(aa, "file");
  other.size += 1;
  EXPECT_TRUE(ask<proto::Done>(b, other));
  EXPECT_EQ(locate(b, aa).size(), 1U);
  publish(b, publication(bb, "another"));
}

TEST_F(TrackerTest, AnswersFailedToWhatItDoesNotDo) {
  Node a(loop, 1);
  enter(a);
  const auto refused = [&](auto question) {
    const auto failed = ask<proto::Failed>(a, std::move(question));
    ASSERT_TRUE(failed);
    EXPECT_EQ(failed->reason, proto::Reason::bad_request);
    EXPECT_EQ(failed->why, "a tracker does not answer " + std::string(question.title));
  };
  refused(proto::Want());
  refused(proto::Request());
  refused(proto::ManifestRequest());
  EXPECT_NE(a.linked(node), nullptr);
}

TEST_F(TrackerTest, ClosesTheLinkOverWhatItCannotAnswer) {
  Node a(loop, 1);
  enter(a);
  a.linked(node)->send(proto::HaveAll());
  ASSERT_TRUE(io::run_until(loop, [&] { return !a.ear.closed.empty(); }));
  EXPECT_EQ(a.ear.closed, Names{"it said goodbye: a tracker does not answer have-all"});
}

TEST_F(TrackerTest, DoesNotTalkToTrackers) {
  Node other(loop, 1);
  other.sessions.self().role = proto::Role::tracker;
  other.dial(node.at());
  ASSERT_TRUE(io::run_until(loop, [&] { return !other.ear.closed.empty(); }));
  EXPECT_EQ(other.ear.closed, Names{"it said goodbye: trackers do not talk to each other"});
}

TEST_F(TrackerTest, ListsManyPagesOfManyPublishers) {
  constexpr std::uint32_t files = 150;
  std::vector<std::unique_ptr<Node>> peers;
  for (std::uint8_t i = 1; i <= 25; ++i) {
    peers.push_back(std::make_unique<Node>(loop, i));
    peers.back()->sessions.self().name = std::string(250, 'x') + std::to_string(i);
    enter(*peers.back());
  }
  Names expected;
  for (std::uint32_t i = 0; i < files; ++i) {
    expected.push_back(std::to_string(1000 + i) + std::string(250, 'n'));
    for (const auto& peer : peers) {
      proto::Publish message = publication(content(std::to_string(1000 + i)), expected.back());
      message.request = RequestId{1'000'000 + i};
      peer->linked(node)->send(message);
    }
  }
  ASSERT_TRUE(io::run_until(loop, [&] {
    return std::ranges::all_of(
        peers, [](const auto& peer) { return peer->ear.messages.size() == 2 + files; });
  }));
  EXPECT_EQ(list(*peers[0]), expected);
  EXPECT_GE(pages, 2U);
  // As many candidates as there can be still fit into one answer.
  EXPECT_NE(ask<proto::Resolved>(*peers[0], proto::Resolve{{}, "1"}), std::nullopt);
}

TEST_F(TrackerTest, KeepsLoopbackAddressesFromOthersThanLoopbackPeers) {
  std::optional<io::Endpoint> outside;
  const auto addresses = io::interface_addresses(0).value();
  for (const io::Endpoint& own : addresses)
    if (!own.loopback() && !own.link_local() && !own.v6()) outside = own;
  if (!outside) GTEST_SKIP() << "this machine has only its loopback";
  struct Acceptor {
    void on_stream(std::unique_ptr<io::Stream> stream) { sessions.accept(std::move(stream)); }
    net::SessionSet& sessions;
  } acceptor{node.sessions};
  const io::Listener listener(loop, *outside, io::bind<&Acceptor::on_stream>(&acceptor));
  Node a(loop, 1), b(loop, 2), c(loop, 3);
  enter(a);
  enter(c);
  publish(a, publication(aa, "file"));
  b.dial(listener.local());
  ASSERT_TRUE(io::run_until(loop, [&] { return b.linked(node) && node.linked(b); }));
  EXPECT_NE(ask<proto::Registered>(b, proto::Register()), std::nullopt);
  const auto seen_by_b = locate(b, aa), seen_by_c = locate(c, aa);
  ASSERT_TRUE(seen_by_b.size() == 1 && seen_by_c.size() == 1);
  EXPECT_FALSE(seen_by_c[0].peer.addresses.empty());
  for (const proto::Address& address : seen_by_b[0].peer.addresses)
    EXPECT_FALSE(io::Endpoint::parse(address)->loopback()) << address;
}

} // namespace
} // namespace p2pd::tracker
