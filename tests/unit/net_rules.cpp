// A member that does not keep to the protocol: what it says within the channel is not what a
// session may say.

#include "daemon/net/bulk_image.hpp"
#include "proto/frame.hpp"
#include "tests/unit/net_fixture.hpp"

#include <algorithm>

namespace p2pd::net {
namespace {

// A channel without a session: it says any plaintext, record by record, and hears what comes back.
class Member final : private ChannelOwner {
 public:
  Member(io::Loop& loop, const io::Endpoint& to, std::uint8_t identity)
      : keys_(keys(identity)), channel_(loop, {keys_, buffer_, replays_, refusals_}, *this, to) {}

  void say(View plaintext) { channel_.send(plaintext); }
  template <class... M>
  void say_messages(const M&... message) {
    Bytes frames;
    (proto::encode_frame(message, frames), ...);
    say(frames);
  }
  void say_bulk(std::size_t size) { // in records as a segment has them
    auto image = std::make_shared<Bytes>(bulk_image_size(size), 7);
    channel_.send({}, *image, size, image);
  }
  bool established() const { return channel_.established(); }
  void stop_reading() { channel_.pause(); }
  void read_on() { channel_.resume(); }

  std::vector<proto::Message> heard;
  std::string cause; // of the end

 private:
  bool admit(const PeerId&) override { return true; }
  void on_established() override {}
  MutableView bulk_space(std::size_t) override { return {}; }
  void on_bulk(std::size_t) override {}
  void on_kept(std::size_t) override {}
  void on_sent() override {}
  void on_closed(const std::string& why) override { cause = why; }
  void on_plaintext(View bytes) override {
    inbox_.insert(inbox_.end(), bytes.begin(), bytes.end());
    View rest = inbox_;
    while (const auto payload = proto::front_frame(rest)) {
      heard.push_back(proto::decode(decoder_, *payload));
      rest = rest.subspan(proto::frame_header + payload->size());
    }
    inbox_ = Bytes(rest.begin(), rest.end());
  }

  const Keys keys_;
  ReadBuffer buffer_;
  Replays replays_;
  Refusals refusals_;
  proto::Decoder decoder_;
  Bytes inbox_;
  SecureChannel channel_;
};

class NetRules : public NetTest {
 protected:
  NetRules() {
    EXPECT_TRUE(run_until(loop, [&] { return member.established(); }));
  }
  void greet() {
    member.say_messages(proto::Hello());
    ASSERT_TRUE(run_until(loop, [&] { return !node.ear.ready.empty() && !member.heard.empty(); }));
  }
  // The node says goodbye with this reason, and is done with the link.
  void expect_goodbye(const std::string& why, proto::Reason reason = proto::Reason::bad_request) {
    ASSERT_TRUE(run_until(loop, [&] { return !node.ear.closed.empty() && !member.cause.empty(); }));
    EXPECT_EQ(node.ear.closed, std::vector<std::string>{why});
    ASSERT_FALSE(member.heard.empty());
    const auto* goodbye = std::get_if<proto::Goodbye>(&member.heard.back());
    ASSERT_NE(goodbye, nullptr);
    EXPECT_EQ(goodbye->reason, reason);
    EXPECT_EQ(goodbye->why, why);
    EXPECT_EQ(node.sessions.size(), 0U);
  }

  Node node{loop, 1};
  Member member{loop, node.at(), 2};
};

TEST_F(NetRules, TheFirstMessageIsHello) {
  member.say_messages(proto::Ping{});
  expect_goodbye("the first message is not hello");
  EXPECT_TRUE(node.ear.ready.empty());
}

TEST_F(NetRules, HelloNamesThisVersion) {
  proto::Hello hello;
  hello.version = 2;
  member.say_messages(hello);
  expect_goodbye("another protocol version");
}

TEST_F(NetRules, HelloIsRepeatedByTheSameNodeAlone) {
  greet();
  proto::Hello other;
  other.instance = 1;
  member.say_messages(other);
  expect_goodbye("another hello of another node");
}

TEST_F(NetRules, FramesAreNeitherEmptyNorTooLong) {
  greet();
  member.say(Bytes{0, 0, 0, 0});
  expect_goodbye("empty frame");
}

TEST_F(NetRules, FramesAreRefusedForTheLengthTheyAnnounce) {
  greet();
  member.say(Bytes{0, 0x10, 0, 1});
  expect_goodbye("frame of 1048577 bytes is over the cap");
}

TEST_F(NetRules, MessagesAreKnown) {
  greet();
  member.say(Bytes{0, 0, 0, 3, 0x91, 0xcc, 0xff});
  expect_goodbye("an unknown message type");
}

TEST_F(NetRules, NothingIsHeardAfterAFault) {
  greet();
  Bytes bytes;
  proto::encode_frame(proto::Done{proto::RequestId{1}}, bytes);
  bytes.insert(bytes.end(), {0, 0, 0, 1, 0x90});
  proto::encode_frame(proto::Done{proto::RequestId{2}}, bytes);
  member.say(bytes);
  expect_goodbye("a message without a type");
  EXPECT_EQ(node.ear.log, std::vector<std::string>{"done"});
}

TEST_F(NetRules, ASegmentEndsItsRecord) {
  greet();
  member.say_messages(proto::Segment{.length = 10}, proto::Done{});
  expect_goodbye("a segment does not end its record");
}

TEST_F(NetRules, ASegmentHasALegalLength) {
  greet();
  member.say_messages(proto::Segment{.length = proto::max_segment + 1});
  expect_goodbye("a segment is empty or too long");
}

TEST_F(NetRules, ARecordEndsWithItsSegment) {
  greet();
  member.say_messages(proto::Segment{.length = 10});
  member.say_bulk(6);
  member.say_bulk(5);
  expect_goodbye("a record runs over the end of its segment");
  EXPECT_TRUE(node.ear.segments.empty());
}

TEST_F(NetRules, ASegmentMayComeInAnyRecords) {
  greet();
  member.say_messages(proto::Segment{.length = 100'000});
  for (const std::size_t size : {1, 2, 29'997, 30'000, 40'000}) {
    member.say({}); // sends nothing
    member.say_bulk(size);
  }
  member.say_messages(proto::Done{});
  ASSERT_TRUE(run_until(loop, [&] { return node.ear.log.size() == 2; }));
  EXPECT_EQ(node.ear.log, (std::vector<std::string>{"segment", "done"}));
  EXPECT_EQ(node.ear.segments.front().bytes, Bytes(100'000, 7));
}

TEST_F(NetRules, APingIsAnsweredWithItsNonce) {
  greet();
  member.say_messages(proto::Ping{0xfeedfacecafebeef});
  ASSERT_TRUE(run_until(loop, [&] {
    const auto* pong = std::get_if<proto::Pong>(&member.heard.back());
    return pong != nullptr && pong->nonce == 0xfeedfacecafebeef;
  }));
}

// Answers to pings that were never sent, from before the link and from the end of time.
TEST_F(NetRules, AForgedPongIsNoMeasurement) {
  greet();
  for (const std::uint64_t nonce : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{1} << 63,
                                    (std::uint64_t{1} << 63) - 1, ~std::uint64_t{0}})
    member.say_messages(proto::Pong{nonce});
  member.say_messages(proto::Done{});
  ASSERT_TRUE(run_until(loop, [&] { return !node.ear.messages.empty(); }));
  EXPECT_FALSE(node.ear.ready.front()->rtt());
}

TEST_F(NetRules, NothingIsHeardAfterGoodbye) {
  greet();
  member.say_messages(proto::Goodbye{proto::Reason::busy, "later"}, proto::Done{});
  ASSERT_TRUE(run_until(loop, [&] { return !node.ear.closed.empty(); }));
  EXPECT_EQ(node.ear.closed.front(), "it said goodbye: later");
  EXPECT_TRUE(node.ear.messages.empty());
}

TEST_F(NetRules, WhoBreaksThemIsCounted) {
  greet();
  proto::Hello other;
  other.instance = 1;
  member.say_messages(other);
  expect_goodbye("another hello of another node");
  EXPECT_EQ(node.sessions.refusals().of(Refusal::message), 1U);
}

// Nothing of it is lost, and others are heard meanwhile.
TEST_F(NetRules, AFloodOfMessagesIsHeldUp) {
  // A millisecond a ping: one for the record, as much for what is in it.
  node.sessions.share().allowance = {.message = std::chrono::microseconds(500),
                                     .most = milliseconds(250)};
  Node other(loop, 3);
  link(other, node);
  greet();
  const auto answers = [&] {
    return std::ranges::count_if(member.heard, [](const proto::Message& message) {
      return std::holds_alternative<proto::Pong>(message);
    });
  };
  for (std::uint64_t i = 0; i < 1000; ++i) member.say_messages(proto::Ping{i});
  const io::Time begin = io::Clock::now();
  ASSERT_TRUE(run_until(loop, [&] { return node.sessions.refusals().of(Refusal::rate) > 0; }));
  EXPECT_LT(answers(), 1000);
  other.linked(node)->send(proto::Done{});
  ASSERT_TRUE(run_until(loop, [&] { return !node.ear.messages.empty(); }));
  EXPECT_LT(answers(), 1000);
  ASSERT_TRUE(run_until(loop, [&] { return answers() == 1000; }));
  EXPECT_GE(io::Clock::now() - begin, milliseconds(700));
  EXPECT_EQ(std::get<proto::Pong>(member.heard.back()).nonce, 999U);
}

TEST_F(NetRules, AFloodThatDoesNotStopEndsTheLink) {
  node.sessions.share().allowance = {
      .message = milliseconds(10), .most = milliseconds(50), .patience = milliseconds(200)};
  greet();
  for (std::uint64_t i = 0; i < 1000; ++i) member.say_messages(proto::Ping{i});
  expect_goodbye("it does not stop asking for more than its share", proto::Reason::busy);
}

proto::ChunkMap long_answer() {
  proto::ChunkMap map;
  map.holders.push_back({{}, "holder", false, {Bytes(100'000, 7)}});
  return map;
}

TEST_F(NetRules, WhoDoesNotReadIsNotHeard) {
  constexpr std::size_t requests = 400; // of 100 KB each: more than the kernel takes
  node.sessions.share().unread = 1 << 20;
  std::size_t longest = 0;
  node.ear.when_message = [&](Session& session, const proto::Message&) {
    session.send(long_answer());
    longest = std::max(longest, session.queued());
  };
  greet();
  member.stop_reading();
  const std::size_t before = member.heard.size();
  for (std::size_t i = 0; i < requests; ++i) member.say_messages(proto::Locate{});
  ASSERT_TRUE(run_until(loop, [&] { return node.sessions.refusals().of(Refusal::unread) > 0; }));
  settle(loop);
  EXPECT_LT(node.ear.messages.size(), requests);
  EXPECT_LT(longest, (1U << 20) + 200'000);
  member.read_on();
  ASSERT_TRUE(run_until(loop, [&] { return member.heard.size() >= before + requests; }));
  EXPECT_LT(longest, (1U << 20) + 200'000);
  EXPECT_TRUE(node.ear.closed.empty());
}

TEST_F(NetRules, WhoNeverReadsIsClosed) {
  node.sessions.share().hopelessly_unread = 4 << 20;
  greet();
  member.stop_reading();
  ASSERT_TRUE(run_until(loop, [&] {
    if (!node.ear.ready.empty()) node.ear.ready.front()->send(long_answer());
    return !node.ear.closed.empty();
  }));
  EXPECT_EQ(node.ear.closed.front(), "it does not read what it is sent");
  EXPECT_EQ(node.sessions.refusals().of(Refusal::unread), 1U);
}

} // namespace
} // namespace p2pd::net
