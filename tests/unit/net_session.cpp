#include "daemon/net/session.hpp"

#include "proto/frame.hpp"
#include "tests/unit/net_relay.hpp"

namespace p2pd::net {
namespace {

TEST_F(NetTest, NodesSayHello) {
  Node a(loop, 1), b(loop, 2);
  a.sessions.self().site = "north";
  b.sessions.self().role = proto::Role::tracker;
  link(a, b);
  const Session& at_a = *a.linked(b);
  const Session& at_b = *b.linked(a);
  EXPECT_EQ(at_a.id(), b.id());
  EXPECT_EQ(at_b.id(), a.id());
  EXPECT_TRUE(at_a.initiator() && at_a.ready());
  EXPECT_FALSE(at_b.initiator());
  EXPECT_EQ(at_b.hello().name, "node-1");
  EXPECT_EQ(at_b.hello().site, "north");
  EXPECT_EQ(at_b.hello().role, proto::Role::peer);
  EXPECT_EQ(at_a.hello().role, proto::Role::tracker);
  EXPECT_EQ(at_a.hello().port, b.at().port());
  EXPECT_EQ(at_a.hello().agent, "p2pd/" P2PD_VERSION);
  EXPECT_EQ(at_a.remote(), b.at());
  EXPECT_EQ(at_a.local(), at_b.remote());
  EXPECT_EQ(a.ear.ready, std::vector{a.linked(b)});
  EXPECT_EQ(b.ear.ready, std::vector{b.linked(a)});
  EXPECT_EQ(a.sessions.size(), 1U);
}

TEST_F(NetTest, NodesTellWhereTheyCanBeDialled) {
  Node a(loop, 1), b(loop, 2), c(loop, 3);
  b.sessions.self().advertise = {"198.51.100.7:7440", "b.example:7441"};
  c.sessions.self().listening.clear(); // listens nowhere
  link(a, b);
  link(a, c);
  // Both are on the loopback, so loopback addresses mean something, and the one seen comes first.
  const proto::PeerInfo of_a = b.linked(a)->info();
  EXPECT_EQ(of_a.id, a.id());
  EXPECT_EQ(of_a.name, "node-1");
  ASSERT_FALSE(of_a.addresses.empty());
  EXPECT_EQ(of_a.addresses.front(), a.at().text());
  for (const proto::Address& address : of_a.addresses)
    EXPECT_TRUE(io::Endpoint::parse(address)->loopback()) << address;
  EXPECT_EQ(std::count(of_a.addresses.begin(), of_a.addresses.end(), a.at().text()), 1);

  const proto::PeerInfo of_b = a.linked(b)->info();
  EXPECT_EQ(std::vector<std::string>(of_b.addresses.begin(), of_b.addresses.end()),
            (std::vector<std::string>{b.at().text(), "198.51.100.7:7440"}))
      << "names are not looked up";
  EXPECT_TRUE(a.linked(c)->info().addresses.empty());
}

TEST_F(NetTest, MessagesGoBothWaysInTheirOrder) {
  Node a(loop, 1), b(loop, 2);
  link(a, b);
  for (std::uint32_t i = 0; i < 1000; ++i) {
    a.linked(b)->send(proto::Done{proto::RequestId{i}});
    if (i % 3 == 0) b.linked(a)->send(proto::Failed{proto::RequestId{i}, {}, "no"});
  }
  ASSERT_TRUE(run_until(
      loop, [&] { return b.ear.messages.size() == 1000 && a.ear.messages.size() == 334; }));
  const auto done = b.ear.all<proto::Done>();
  ASSERT_EQ(done.size(), 1000U);
  for (std::uint32_t i = 0; i < 1000; ++i) EXPECT_EQ(number(done[i].request), i);
  const auto failed = a.ear.all<proto::Failed>();
  ASSERT_EQ(failed.size(), 334U);
  EXPECT_EQ(number(failed.back().request), 999U);
  EXPECT_EQ(failed.back().why, "no");
}

TEST_F(NetTest, MessagesOfOneTurnShareARecord) {
  Node a(loop, 1), b(loop, 2);
  Relay relay(loop, b.at());
  Records records;
  relay.forth = [&](Bytes& bytes) { bytes = records.feed(bytes, [](std::size_t, Bytes&) {}); };
  a.dial(relay.at());
  await_link(a, b);
  settle(loop); // the first pings and pongs are through
  const std::size_t before = records.count;
  for (std::uint32_t i = 0; i < 100; ++i) a.linked(b)->send(proto::Done{proto::RequestId{i}});
  ASSERT_TRUE(run_until(loop, [&] { return b.ear.messages.size() == 100; }));
  EXPECT_EQ(records.count, before + 1);
}

// From within the callbacks of the session that it answers.
TEST_F(NetTest, AnswersMayBeSentFromWhereQuestionsArrive) {
  Node a(loop, 1), b(loop, 2);
  b.ear.when_message = [](Session& session, const proto::Message& message) {
    if (const auto* locate = std::get_if<proto::Locate>(&message))
      session.send(proto::Done{locate->request});
  };
  a.ear.when_ready = [](Session& session) { session.send(proto::Locate{proto::RequestId{1}, {}}); };
  a.ear.when_message = [](Session& session, const proto::Message& message) {
    const auto next = number(std::get<proto::Done>(message).request) + 1;
    if (next <= 20) session.send(proto::Locate{proto::RequestId{next}, {}});
  };
  a.dial(b.at());
  EXPECT_TRUE(run_until(loop, [&] { return a.ear.messages.size() == 20; }));
}

// The longest frame there may be, to the byte.
proto::ChunkMap longest_message() {
  proto::ChunkMap map;
  for (std::uint32_t i = 0; i < 8; ++i)
    map.holders.push_back({{}, "holder", false, {io::noise_of(70'000, i)}});
  Bytes frame;
  proto::encode_frame(map, frame);
  std::size_t missing = proto::max_frame - (frame.size() - proto::frame_header);
  for (proto::Holder& holder : map.holders) {
    const std::size_t more = std::min(missing, proto::Bitmap::max - holder.have.bits.size());
    holder.have.bits.resize(holder.have.bits.size() + more, 0x5a);
    missing -= more;
  }
  return map;
}

TEST_F(NetTest, FramesMayBeAMebibyteLong) {
  Node a(loop, 1), b(loop, 2);
  link(a, b);
  const proto::ChunkMap longest = longest_message();
  Bytes frame;
  proto::encode_frame(longest, frame);
  ASSERT_EQ(frame.size(), proto::frame_header + proto::max_frame);
  a.linked(b)->send(proto::Done{proto::RequestId{1}});
  a.linked(b)->send(longest);
  a.linked(b)->send(longest);
  a.linked(b)->send(proto::Done{proto::RequestId{2}});
  ASSERT_TRUE(run_until(loop, [&] { return b.ear.messages.size() == 4; }));
  EXPECT_EQ(b.ear.log, (std::vector<std::string>{"done", "chunk-map", "chunk-map", "done"}));
  for (const proto::ChunkMap& got : b.ear.all<proto::ChunkMap>()) {
    ASSERT_EQ(got.holders.size(), longest.holders.size());
    for (std::size_t i = 0; i < got.holders.size(); ++i)
      EXPECT_EQ(got.holders[i].have, longest.holders[i].have);
  }
}

TEST_F(NetTest, AFrameThatIsTooLongIsTheSendersFault) {
  Node a(loop, 1), b(loop, 2);
  link(a, b);
  proto::ChunkMap longest = longest_message();
  longest.holders.back().name += 'x';
  EXPECT_THROW(a.linked(b)->send(longest), proto::Error);
  a.linked(b)->send(proto::Done{});
  ASSERT_TRUE(run_until(loop, [&] { return !b.ear.messages.empty(); }));
  EXPECT_EQ(b.ear.log, std::vector<std::string>{"done"});
}

TEST_F(NetTest, FramesMayBeCutAnywhere) {
  Node a(loop, 1), b(loop, 2);
  Relay relay(loop, b.at());
  std::deque<std::uint8_t> held;
  relay.forth = [&](Bytes& bytes) {
    held.insert(held.end(), bytes.begin(), bytes.end());
    bytes.clear();
  };
  std::size_t turn = 0;
  io::Calling trickle([&] { // 1, 2, 3... bytes a turn
    const std::size_t size = std::min(held.size(), 1 + turn++ % 7);
    const auto end = held.begin() + static_cast<std::ptrdiff_t>(size);
    if (size > 0) relay.pass(Bytes(held.begin(), end));
    held.erase(held.begin(), end);
  });
  io::Timer timer(loop, trickle);
  timer.every(milliseconds(1));
  a.dial(relay.at());
  await_link(a, b);
  for (std::uint32_t i = 0; i < 20; ++i) a.linked(b)->send(proto::Done{proto::RequestId{i}});
  EXPECT_TRUE(run_until(loop, [&] { return b.ear.messages.size() == 20; }));
}

TEST_F(NetTest, PingMeasuresTheWayThereAndBack) {
  Node a(loop, 1), b(loop, 2);
  Relay relay(loop, b.at());
  a.dial(relay.at());
  await_link(a, b);
  ASSERT_TRUE(run_until(loop, [&] { return a.linked(b)->rtt() && b.linked(a)->rtt(); }));
  EXPECT_GT(a.linked(b)->rtt()->count(), 0);

  std::vector<Bytes> held; // the next ping is 30 ms on its way
  relay.forth = [&](Bytes& bytes) { held.push_back(std::exchange(bytes, {})); };
  io::Calling let_go([&] {
    relay.forth = [](Bytes&) {};
    for (Bytes& bytes : held) relay.pass(std::move(bytes));
  });
  io::Timer timer(loop, let_go);
  timer.once(milliseconds(30));
  const io::Time start = io::Clock::now();
  a.linked(b)->ping();
  ASSERT_TRUE(run_until(loop, [&] { return *a.linked(b)->rtt() >= milliseconds(20); }));
  EXPECT_LE(*a.linked(b)->rtt(), io::Clock::now() - start);
  EXPECT_TRUE(a.ear.messages.empty() && b.ear.messages.empty()); // nobody else hears of pings
}

TEST_F(NetTest, EachPingThatIsAwaitedIsToldOfOnce) {
  Node a(loop, 1), b(loop, 2);
  link(a, b);
  std::vector<Session::Rtt> told;
  const auto tell = [&](Session::Rtt rtt) { told.push_back(rtt); };
  for (int i = 0; i < 1001; ++i) a.linked(b)->ping(tell);
  ASSERT_EQ(told.size(), 1U); // one was too many
  EXPECT_FALSE(told.front());
  ASSERT_TRUE(run_until(loop, [&] { return told.size() == 1001; }));
  EXPECT_TRUE(std::all_of(told.begin() + 1, told.end(),
                          [](const auto& rtt) { return rtt > io::Clock::duration(); }));
  a.linked(b)->ping(tell);
  a.linked(b)->close(proto::Reason::leaving, "bye");
  ASSERT_EQ(told.size(), 1002U);
  EXPECT_FALSE(told.back());
}

TEST_F(NetTest, GoodbyeTellsWhy) {
  Node a(loop, 1), b(loop, 2);
  link(a, b);
  a.linked(b)->send(proto::Done{}); // what was said before it still arrives
  a.linked(b)->close(proto::Reason::leaving, "going home");
  EXPECT_EQ(a.linked(b), nullptr);
  EXPECT_EQ(a.ear.closed, std::vector<std::string>{"going home"});
  ASSERT_TRUE(run_until(loop, [&] { return !b.ear.closed.empty(); }));
  EXPECT_EQ(b.ear.closed, std::vector<std::string>{"it said goodbye: going home"});
  EXPECT_EQ(b.ear.log, std::vector<std::string>{"done"});
  EXPECT_EQ(b.linked(a), nullptr);
  settle(loop);
  EXPECT_EQ(a.ear.closed.size() + b.ear.closed.size(), 2U);
  EXPECT_EQ(a.sessions.size() + b.sessions.size(), 0U);
}

TEST_F(NetTest, ACutIsToldFromAGoodbye) {
  Node a(loop, 1);
  auto b = std::make_unique<Node>(loop, std::uint8_t{2});
  {
    Relay relay(loop, b->at());
    a.dial(relay.at());
    await_link(a, *b);
  }
  ASSERT_TRUE(run_until(loop, [&] { return !a.ear.closed.empty() && !b->ear.closed.empty(); }));
  EXPECT_EQ(a.ear.closed, std::vector<std::string>{"the connection was closed"});
  EXPECT_EQ(b->ear.closed, std::vector<std::string>{"the connection was closed"});
}

TEST_F(NetTest, ALongReasonIsCutToWhatAFieldHolds) {
  Node a(loop, 1), b(loop, 2);
  link(a, b);
  a.linked(b)->close(proto::Reason::busy, std::string(10'000, 'x'));
  ASSERT_TRUE(run_until(loop, [&] { return !b.ear.closed.empty(); }));
  EXPECT_EQ(b.ear.closed.front(), "it said goodbye: " + std::string(255, 'x'));
}

TEST_F(NetTest, ClosingFromEveryCallbackIsSafe) {
  const auto close = [](Session& session) { session.close(proto::Reason::refused, "enough"); };
  {
    Node a(loop, 1), b(loop, 2);
    b.ear.when_ready = close;
    a.dial(b.at());
    ASSERT_TRUE(run_until(loop, [&] { return !a.ear.closed.empty() && !b.ear.closed.empty(); }));
  }
  {
    Node a(loop, 1), b(loop, 2);
    b.ear.when_message = [&](Session& session, const proto::Message&) { close(session); };
    b.ear.when_closed = close; // once more is no harm
    link(a, b);
    for (int i = 0; i < 5; ++i) a.linked(b)->send(proto::Done{});
    ASSERT_TRUE(run_until(loop, [&] { return !a.ear.closed.empty(); }));
    EXPECT_EQ(b.ear.messages.size(), 1U);
    EXPECT_EQ(b.ear.closed.size(), 1U);
  }
}

TEST_F(NetTest, NothingIsSentThroughWhatIsClosed) {
  Node a(loop, 1), b(loop, 2);
  link(a, b);
  Session& session = *a.linked(b); // lives until the loop has turned
  session.close(proto::Reason::leaving, "bye");
  session.send(proto::Done{});
  session.ping();
  Bytes image(1);
  session.send_segment(proto::Segment{.length = 1}, image, nullptr);
  ASSERT_TRUE(run_until(loop, [&] { return !b.ear.closed.empty(); }));
  EXPECT_TRUE(b.ear.log.empty());
}

} // namespace
} // namespace p2pd::net
