// What happens, as a tracker tells it to those who follow.

#include "tests/unit/tracker_wire.hpp"

namespace p2pd::tracker {
namespace {

class NoticeSenderTest : public TrackerTest {
 protected:
  NoticeSenderTest() {
    tracker.notices().set_watch(
        [this](const proto::Notice& notice) { seen.push_back(text(notice)); });
  }
  ~NoticeSenderTest() override { // the links that still stand end after `seen`
    tracker.notices().set_watch([](const proto::Notice&) {});
  }
  static std::string text(const proto::Notice& notice) {
    static const char* const kinds[]{"came", "left", "lost", "published", "withdrawn", "fetched"};
    return kinds[static_cast<unsigned>(notice.kind)] + (' ' + notice.peer.name) +
           (notice.file.empty() ? "" : ' ' + notice.file.front().name.bytes);
  }
  void follow(Node& peer, std::uint32_t kinds) {
    peer.linked(node)->send(proto::Follow{kinds});
    list(peer); // it has been taken when this is answered
  }
  static Names heard(const Node& peer) {
    Names texts;
    for (const proto::Message& message : peer.ear.messages)
      if (const auto* notice = std::get_if<proto::Notice>(&message)) texts.push_back(text(*notice));
    return texts;
  }
  Names take() { return std::exchange(seen, {}); }

  Names seen;
};

TEST_F(NoticeSenderTest, TellWhatHappens) {
  Node a(loop, 1), b(loop, 2);
  enter(b);
  follow(b, 0b111111);
  enter(a);
  EXPECT_NE(ask<proto::Registered>(a, proto::Register()), std::nullopt); // again is no news
  EXPECT_EQ(take(), (Names{"came node-2", "came node-1"}));
  publish(a, publication(aa, "file"));
  publish(a, publication(aa, "file")); // nor is this
  EXPECT_EQ(take(), Names{"published node-1 file"});
  publish(a, use(bb, "other"));
  publish(a, use(content("cc"), "part", 8));
  EXPECT_EQ(take(), Names()); // it says what it has; nobody was seen to fetch it
  a.linked(node)->send(proto::HaveBatch{{arrival(content("cc"), {8})}});
  a.linked(node)->send(proto::HaveBatch{{arrival(content("cc"), {8, 9})}});
  a.linked(node)->send(proto::HaveBatch{{arrival(content("cc"), {9})}});
  list(a);
  EXPECT_EQ(take(), Names{"fetched node-1 part"});
  EXPECT_TRUE(ask<proto::Done>(a, proto::Unpublish{{}, aa}));
  EXPECT_TRUE(ask<proto::Done>(a, proto::Unpublish{{}, aa}));
  EXPECT_EQ(take(), Names{"withdrawn node-1 file"});
  vanish(a);
  EXPECT_EQ(take(), Names{"left node-1"});
  ASSERT_TRUE(io::run_until(loop, [&] { return heard(b).size() == 5; }));
  EXPECT_EQ(heard(b), (Names{"came node-1", "published node-1 file", "fetched node-1 part",
                             "withdrawn node-1 file", "left node-1"}));
}

TEST_F(NoticeSenderTest, GoOnlyToThoseWhoWantThem) {
  Node a(loop, 1), b(loop, 2), c(loop, 3);
  enter(b);
  enter(c);
  follow(b, bit(NoticeKind::published));
  follow(c, 0b111111);
  follow(c, 0);
  enter(a);
  publish(a, publication(aa, "file"));
  ASSERT_TRUE(io::run_until(loop, [&] { return !heard(b).empty(); }));
  EXPECT_EQ(heard(b), Names{"published node-1 file"});
  EXPECT_EQ(heard(c), Names());
  vanish(b); // and is forgotten with its wish
  enter(b);
  publish(a, publication(bb, "more"));
  list(b);
  EXPECT_EQ(heard(b), Names{"published node-1 file"});
}

TEST_F(NoticeSenderTest, TellWhoWasLost) {
  {
    Node a(loop, 1);
    net::Relay relay(loop, node.at());
    a.dial(relay.at());
    ASSERT_TRUE(io::run_until(loop, [&] { return a.linked(node) && node.linked(a); }));
    EXPECT_NE(ask<proto::Registered>(a, proto::Register()), std::nullopt);
  }
  ASSERT_TRUE(io::run_until(loop, [&] { return seen.size() == 2; }));
  EXPECT_EQ(seen, (Names{"came node-1", "lost node-1"}));
}

} // namespace
} // namespace p2pd::tracker
