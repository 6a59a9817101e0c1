// The tracker role as peers meet it: over real sessions on the loopback.

#include "daemon/tracker/tracker.hpp"

#include "daemon/io/resolver.hpp"
#include "tests/unit/net_fixture.hpp"
#include "tests/unit/tracker_fixture.hpp"

#include <algorithm>

namespace p2pd::tracker {
namespace {

using net::Node;
using proto::RequestId;

class TrackerTest : public testing::Test {
 protected:
  TrackerTest() {
    node.sessions.self().role = proto::Role::tracker;
    node.sessions.set_incoming(tracker);
  }

  void connect(Node& peer) {
    peer.dial(node.at());
    ASSERT_TRUE(io::run_until(loop, [&] { return peer.linked(node) && node.linked(peer); }));
  }
  void enter(Node& peer) {
    connect(peer);
    EXPECT_NE(ask<proto::Registered>(peer, proto::Register()), std::nullopt);
  }
  // Asks the tracker and waits for the answer, which must be of this type.
  template <class Answer, class Question>
  std::optional<Answer> ask(Node& peer, Question question) {
    question.request = RequestId{++requests_};
    const std::size_t before = peer.ear.messages.size();
    peer.linked(node)->send(question);
    EXPECT_TRUE(io::run_until(loop, [&] {
      return peer.ear.messages.size() > before || peer.linked(node) == nullptr;
    })) << question.title;
    if (peer.ear.messages.size() == before) return std::nullopt;
    const auto* answer = std::get_if<Answer>(&peer.ear.messages.back());
    EXPECT_NE(answer, nullptr) << peer.ear.log.back() << " answers " << question.title;
    if (answer == nullptr) return std::nullopt;
    EXPECT_EQ(answer->request, question.request);
    return *answer;
  }
  void publish(Node& peer, const proto::Publish& what) {
    EXPECT_TRUE(ask<proto::Done>(peer, what));
  }
  std::vector<proto::Source> locate(Node& peer, const ContentId& id) {
    const auto located = ask<proto::Located>(peer, proto::Locate{{}, id});
    return located ? std::vector<proto::Source>(located->sources) : std::vector<proto::Source>();
  }
  std::vector<std::string> list(Node& peer, const std::string& pattern = "") {
    std::vector<std::string> names;
    std::string cursor;
    do {
      const auto page = ask<proto::Listing>(peer, proto::ListFiles{{}, pattern, cursor});
      if (!page) break;
      for (const CatalogEntry& row : page->files) names.push_back(row.name.bytes);
      cursor = page->next;
      ++pages;
    } while (!cursor.empty());
    return names;
  }
  void vanish(Node& peer) {
    peer.linked(node)->close(proto::Reason::leaving, "bye");
    ASSERT_TRUE(io::run_until(loop, [&] { return node.linked(peer) == nullptr; }));
  }

  using Names = std::vector<std::string>;
  std::size_t pages = 0;
  const ContentId aa = content("aa"), bb = content("bb");
  io::Loop loop;
  Tracker tracker{std::chrono::seconds(7)};
  Node node{loop, 100};

 private:
  std::uint32_t requests_ = 0;
};

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
  publish(after, publication(bb, "new"));
  io::settle(loop);
  EXPECT_EQ(list(watcher), Names{"new"});
  EXPECT_EQ(locate(watcher, bb).size(), 1U);
  EXPECT_EQ(tracker.registry().members().size(), 2U);
}

// One who lies about a size loses that content only, and so does one who was lied about: their
// links stay.
TEST_F(TrackerTest, RefusesAContradictionAndKeepsTheLink) {
  Node a(loop, 1), b(loop, 2);
  enter(a);
  enter(b);
  publish(a, publication(aa, "file"));
  proto::Publish other = publication(aa, "file");
  other.size += 1;
  const auto failed = ask<proto::Failed>(b, other);
  ASSERT_TRUE(failed);
  EXPECT_EQ(failed->why, "others know this content with another size");
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
        peers, [](const auto& peer) { return peer->ear.messages.size() == 1 + files; });
  }));
  EXPECT_EQ(list(*peers[0]), expected);
  EXPECT_GE(pages, 2U);
  // As many candidates as there can be still fit into one answer.
  EXPECT_NE(ask<proto::Resolved>(*peers[0], proto::Resolve{{}, "1"}), std::nullopt);
}

TEST_F(TrackerTest, KeepsLoopbackAddressesFromOthersThanLoopbackPeers) {
  std::optional<io::Endpoint> outside;
  for (const io::Endpoint& own : io::interface_addresses(0))
    if (!own.loopback() && !own.link_local() && !own.v6()) outside = own;
  if (!outside) GTEST_SKIP() << "this machine has only its loopback";
  struct Door {
    void on_stream(std::unique_ptr<io::Stream> stream) { sessions.accept(std::move(stream)); }
    net::SessionSet& sessions;
  } door{node.sessions};
  const io::Listener listener(loop, *outside, io::bind<&Door::on_stream>(&door));
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
