// What comes from outside and is not what it should be: the link closes, nothing is answered.

#include "tests/unit/net_relay.hpp"

#include <random>

namespace p2pd::net {
namespace {

// The first message of a dialler that knows no secret, or any other bytes: not one comes back.
class NetStrangers : public NetTest {
 protected:
  void expect_silence(View bytes, const std::string& cause) {
    Stranger stranger(loop, node.at());
    ASSERT_TRUE(run_until(loop, [&] { return stranger.connected(); }));
    stranger.say(bytes);
    ASSERT_TRUE(run_until(loop, [&] { return stranger.dropped(); }))
        << proto::hex(bytes.first(std::min<std::size_t>(bytes.size(), 32)));
    EXPECT_TRUE(stranger.ear.bytes.empty());
    ASSERT_EQ(node.ear.closed.size(), 1U);
    EXPECT_EQ(node.ear.closed.front(), cause);
    node.ear.closed.clear();
    EXPECT_EQ(node.sessions.size(), 0U);
  }

  Node node{loop, 1};
};

constexpr const char* no_handshake = "the handshake failed: another network secret, or no p2pd";

TEST_F(NetStrangers, AreNotAnswered) {
  expect_silence(proto::view("GET / HTTP/1.1\r\nHost: example\r\n\r\n"),
                 "a handshake message is too long");
  Bytes message = io::noise_of(50);
  message[0] = 0;
  message[1] = 48; // as long as a true one
  expect_silence(message, no_handshake);
  expect_silence(Bytes{0, 0}, no_handshake);
  expect_silence(Bytes{0, 1, 0x55}, no_handshake);
  Bytes longest(2 + 1024, 0x55);
  longest[0] = 4, longest[1] = 0;
  expect_silence(longest, no_handshake);
}

// By its length alone, before it is there.
TEST_F(NetStrangers, AreDroppedForTheLengthOfWhatTheyAnnounce) {
  expect_silence(Bytes{4, 1}, "a handshake message is too long");
  expect_silence(Bytes{0xff, 0xff, 1, 2, 3}, "a handshake message is too long");
}

TEST_F(NetStrangers, MayBeHungUpOn) {
  {
    const Stranger stranger(loop, node.at());
    ASSERT_TRUE(run_until(loop, [&] { return stranger.connected() && node.sessions.size() == 1; }));
  }
  ASSERT_TRUE(run_until(loop, [&] { return node.sessions.size() == 0; }));
  EXPECT_EQ(node.ear.closed.size(), 1U);
}

TEST_F(NetStrangers, SayingAnythingAtAllDoNoHarm) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 100; ++i) {
    Stranger stranger(loop, node.at());
    Bytes bytes(2 + random() % 3000);
    for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(random());
    if (i % 2 == 0) bytes[0] = 0; // a short first record
    stranger.ear.when_connected = [&] { stranger.say(bytes); };
    ASSERT_TRUE(run_until(loop, [&] { return stranger.connected(); }));
    // What announces more than it says is dropped by the clock only, or when it hangs up.
    const std::size_t announced = 2 + (std::size_t{bytes[0]} << 8 | bytes[1]);
    const bool waits = announced <= 1026 && bytes.size() < announced;
    ASSERT_TRUE(run_until(loop, [&] { return waits || node.sessions.size() == 0; }));
    EXPECT_TRUE(stranger.ear.bytes.empty());
  }
  Node friendly(loop, 2);
  link(friendly, node); // and it still works
}

TEST_F(NetTest, AnotherSecretDrawsNoAnswer) {
  Node a(loop, 1, {0x55}), b(loop, 2, {0x56});
  Relay relay(loop, b.at());
  a.dial(relay.at());
  ASSERT_TRUE(run_until(loop, [&] { return !a.ear.closed.empty() && !b.ear.closed.empty(); }));
  EXPECT_GT(relay.bytes_forth, 0U);
  EXPECT_EQ(relay.bytes_back, 0U);
  EXPECT_EQ(a.ear.closed, std::vector<std::string>{"the connection was closed"});
  EXPECT_EQ(b.ear.closed, std::vector<std::string>{no_handshake});
  EXPECT_TRUE(a.ear.ready.empty() && b.ear.ready.empty());
}

TEST_F(NetTest, APreviousSecretIsStillAccepted) {
  Node old(loop, 1, {0x55}), changed(loop, 2, {0x66, 0x55}), fresh(loop, 3, {0x66});
  link(old, changed);
  link(fresh, changed);
  old.dial(fresh.at());
  ASSERT_TRUE(run_until(loop, [&] { return !old.ear.closed.empty(); }));
  EXPECT_EQ(old.linked(fresh), nullptr);
}

TEST_F(NetTest, ANodeWithoutASecretTalksToNobody) {
  Node a(loop, 1), outside(loop, 2, {});
  EXPECT_FALSE(outside.sessions.member());
  a.dial(outside.at());
  ASSERT_TRUE(run_until(loop, [&] { return !a.ear.closed.empty(); }));
  EXPECT_EQ(outside.sessions.size(), 0U);
}

// Each message of the handshake, each of its bytes but for the length.
TEST_F(NetTest, AHandshakeThatIsTamperedWithFails) {
  for (const bool forth : {true, false}) {
    for (std::size_t at = 2; at < 98; at += 5) {
      Node a(loop, 1), b(loop, 2);
      Relay relay(loop, b.at());
      std::size_t seen = 0;
      bool touched = false;
      (forth ? relay.forth : relay.back) = [&](Bytes& bytes) {
        if (at >= seen && at < seen + bytes.size()) {
          bytes[at - seen] ^= 0x10;
          touched = true;
        }
        seen += bytes.size();
      };
      a.dial(relay.at());
      ASSERT_TRUE(run_until(loop, [&] { return !a.ear.closed.empty(); })) << at;
      EXPECT_TRUE(touched);
      EXPECT_TRUE(a.ear.ready.empty() && b.ear.ready.empty());
    }
  }
}

// Flips one bit of the nth transport record, and shortens or forges its length.
TEST_F(NetTest, ARecordThatIsTamperedWithClosesTheLink) {
  using Touch = std::function<void(Bytes&)>;
  const std::vector<std::pair<Touch, std::string>> touches{
      {[](Bytes& record) { record[2] ^= 1; }, "a record was forged or damaged"},
      {[](Bytes& record) { record.back() ^= 0x80; }, "a record was forged or damaged"},
      {[](Bytes& record) { record = {0, 15, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}; },
       "a record is too short"},
      {[](Bytes& record) {
         record = {0, 0};
       },
       "a record is too short"},
      {[](Bytes& record) { record.clear(); }, "a record was forged or damaged"}, // left out
      {[](Bytes& record) {                                                       // said twice
         const Bytes again = record;
         record.insert(record.end(), again.begin(), again.end());
       },
       "a record was forged or damaged"},
  };
  for (const auto& [touch, cause] : touches) {
    Node a(loop, 1), b(loop, 2);
    Relay relay(loop, b.at());
    a.dial(relay.at());
    Records records;
    bool forge = false;
    relay.forth = [&, &touch = touch](Bytes& bytes) {
      bytes = records.feed(bytes, [&](std::size_t, Bytes& record) {
        if (std::exchange(forge, false)) touch(record);
      });
    };
    await_link(a, b);
    settle(loop); // the first pings are through
    forge = true;
    a.linked(b)->send(proto::Done{proto::RequestId{1}});
    settle(loop);
    if (b.linked(a) != nullptr) a.linked(b)->send(proto::Done{proto::RequestId{2}});
    ASSERT_TRUE(run_until(loop, [&] { return !b.ear.closed.empty(); })) << cause;
    EXPECT_EQ(b.ear.closed.front(), cause);
    ASSERT_TRUE(run_until(loop, [&] { return !a.ear.closed.empty(); }));
    for (const auto& done : b.ear.all<proto::Done>()) EXPECT_EQ(number(done.request), 1U);
  }
}

} // namespace
} // namespace p2pd::net
