// Bulk bytes: sealed in place as they lie in a bulk image, opened straight into their space, with
// messages between the segments.

#include "daemon/net/bulk_image.hpp"

#include "tests/unit/net_relay.hpp"

namespace p2pd::net {
namespace {

// Payload laid out for the wire, in a block of just the size it takes.
std::shared_ptr<Bytes> image_of(View payload) {
  auto image = std::make_shared<Bytes>(bulk_image_size(payload.size()), 0xee);
  each_payload(*image, payload.size(), [&](MutableView stretch) {
    std::copy_n(payload.begin(), stretch.size(), stretch.begin());
    payload = payload.subspan(stretch.size());
  });
  EXPECT_TRUE(payload.empty());
  return image;
}

void send(Session& session, std::uint32_t request, std::uint32_t offset, View payload) {
  const auto image = image_of(payload);
  const proto::Segment segment{proto::RequestId{request}, offset,
                               static_cast<std::uint32_t>(payload.size())};
  session.send_segment(segment, *image, image);
}

TEST(BulkImage, HoldsALengthAndATagForEachStretch) {
  EXPECT_EQ(bulk_image_size(0), 0U);
  EXPECT_EQ(bulk_image_size(1), 1U + 18);
  EXPECT_EQ(bulk_image_size(bulk_payload), bulk_payload + 18);
  EXPECT_EQ(bulk_image_size(bulk_payload + 1), bulk_payload + 1 + 36);
  for (const std::size_t size : {std::size_t{1}, bulk_payload - 1, bulk_payload, bulk_payload + 1,
                                 3 * bulk_payload, std::size_t{128 * 1024}}) {
    Bytes image(bulk_image_size(size));
    std::size_t total = 0, expected_at = record_length;
    each_payload(image, size, [&](MutableView stretch) {
      EXPECT_EQ(static_cast<std::size_t>(stretch.data() - image.data()), expected_at);
      expected_at += bulk_slot;
      total += stretch.size();
      EXPECT_LE(stretch.data() + stretch.size() + record_tag, image.data() + image.size());
    });
    EXPECT_EQ(total, size);
  }
}

TEST_F(NetTest, SegmentsOfEveryLengthArrive) {
  Node a(loop, 1), b(loop, 2);
  link(a, b);
  const std::vector<std::uint32_t> lengths{1,     2,     100,   32767,  32768,  32769, 65519,
                                           65536, 65537, 99999, 131071, 131072, 1};
  std::uint64_t total = 0;
  for (std::uint32_t i = 0; i < lengths.size(); ++i) {
    send(*a.linked(b), i, 7 * i, io::noise_of(lengths[i], i));
    total += lengths[i];
  }
  ASSERT_TRUE(run_until(loop, [&] { return b.ear.segments.size() == lengths.size(); }));
  for (std::uint32_t i = 0; i < lengths.size(); ++i) {
    const auto& [segment, bytes] = b.ear.segments[i];
    EXPECT_EQ(number(segment.request), i);
    EXPECT_EQ(segment.offset, 7 * i);
    EXPECT_EQ(bytes, io::noise_of(lengths[i], i)) << lengths[i];
  }
  EXPECT_EQ(a.linked(b)->payload_sent(), total);
  EXPECT_EQ(b.linked(a)->payload_received(), total);
  EXPECT_EQ(a.sessions.payload_sent(), total);
  EXPECT_EQ(b.sessions.payload_received(), total);
  a.linked(b)->close(proto::Reason::leaving, "done");
  ASSERT_TRUE(run_until(loop, [&] { return b.linked(a) == nullptr; }));
  EXPECT_EQ(a.sessions.payload_sent(), total); // and stay counted
  EXPECT_EQ(b.sessions.payload_received(), total);
}

TEST_F(NetTest, MessagesStandBetweenSegments) {
  Node a(loop, 1), b(loop, 2);
  link(a, b);
  Session& session = *a.linked(b);
  const Bytes payload = io::noise_of(128 * 1024);
  session.send(proto::Done{proto::RequestId{1}});
  send(session, 1, 0, payload);
  session.send(proto::Done{proto::RequestId{2}});
  session.ping();
  send(session, 1, 128 * 1024, payload);
  send(session, 2, 0, View(payload).first(1));
  session.send(proto::Done{proto::RequestId{3}});
  ASSERT_TRUE(run_until(loop, [&] { return b.ear.log.size() == 6; }));
  EXPECT_EQ(b.ear.log,
            (std::vector<std::string>{"done", "segment", "done", "segment", "segment", "done"}));
  for (std::uint32_t i = 0; i < 3; ++i)
    EXPECT_EQ(number(b.ear.all<proto::Done>()[i].request), i + 1);
  EXPECT_EQ(b.ear.segments[1].bytes, payload);
}

TEST_F(NetTest, SegmentsGoBothWaysAtOnceAndLetTheirImagesGo) {
  Node a(loop, 1), b(loop, 2);
  link(a, b);
  const Bytes one = io::noise_of(131072, 1), two = io::noise_of(131071, 2);
  std::vector<std::weak_ptr<Bytes>> images;
  const auto queue = [&](Session& session, const Bytes& payload) {
    auto image = image_of(payload);
    images.push_back(image);
    session.send_segment({{}, 0, static_cast<std::uint32_t>(payload.size())}, *image, image);
  };
  for (int i = 0; i < 100; ++i) {
    queue(*a.linked(b), one);
    queue(*b.linked(a), two);
  }
  EXPECT_GT(a.linked(b)->queued(), 0U);
  ASSERT_TRUE(run_until(
      loop, [&] { return a.ear.segments.size() == 100 && b.ear.segments.size() == 100; }));
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(a.ear.segments[static_cast<std::size_t>(i)].bytes, two);
    EXPECT_EQ(b.ear.segments[static_cast<std::size_t>(i)].bytes, one);
  }
  ASSERT_TRUE(run_until(loop, [&] { return a.ear.sent >= 100 && b.ear.sent >= 100; }));
  for (const auto& image : images) EXPECT_TRUE(image.expired());
  EXPECT_EQ(a.linked(b)->queued(), 0U);
}

TEST_F(NetTest, ASegmentThatNobodyWantsIsSkipped) {
  Node a(loop, 1), b(loop, 2);
  link(a, b);
  b.ear.wants_segments = false;
  send(*a.linked(b), 1, 0, io::noise_of(100'000));
  send(*a.linked(b), 1, 0, io::noise_of(1));
  a.linked(b)->send(proto::Done{});
  ASSERT_TRUE(run_until(loop, [&] { return !b.ear.messages.empty(); }));
  EXPECT_EQ(b.ear.log, std::vector<std::string>{"done"});
  EXPECT_EQ(b.linked(a)->payload_received(), 100'001U); // it has travelled all the same
  b.ear.wants_segments = true;
  send(*a.linked(b), 2, 0, io::noise_of(70'000));
  ASSERT_TRUE(run_until(loop, [&] { return b.ear.segments.size() == 1; }));
  EXPECT_EQ(b.ear.segments.front().bytes, io::noise_of(70'000));
}

// The space goes away in the middle of a segment; not a byte may be written there afterwards.
TEST_F(NetTest, SkipForgetsTheSpaceInMidSegment) {
  Node a(loop, 1), b(loop, 2);
  Relay relay(loop, b.at());
  a.dial(relay.at());
  await_link(a, b);
  settle(loop); // the first pings are through
  Bytes held;
  relay.forth = [&](Bytes& bytes) { held.insert(held.end(), bytes.begin(), bytes.end()); };
  const auto hold = relay.forth;
  relay.forth = [&](Bytes& bytes) {
    hold(bytes);
    bytes.clear();
  };
  send(*a.linked(b), 5, 0, io::noise_of(128 * 1024));
  a.linked(b)->send(proto::Done{});
  ASSERT_TRUE(run_until(loop, [&] { return held.size() > bulk_image_size(128 * 1024); }));
  const std::size_t part = 2 * bulk_slot; // the message and one stretch of payload, at least
  relay.pass(Bytes(held.begin(), held.begin() + part));
  ASSERT_TRUE(run_until(loop, [&] { return b.linked(a)->payload_received() >= bulk_payload; }));
  ASSERT_TRUE(b.ear.segments.empty());

  b.linked(a)->skip(proto::RequestId{4}); // another one: nothing changes
  ASSERT_NE(b.ear.space, nullptr);
  b.linked(a)->skip(proto::RequestId{5});
  b.ear.space.reset();
  relay.pass(Bytes(held.begin() + part, held.end()));
  relay.forth = [](Bytes&) {};
  ASSERT_TRUE(run_until(loop, [&] { return !b.ear.messages.empty(); }));
  EXPECT_EQ(b.ear.log, std::vector<std::string>{"done"});
  EXPECT_EQ(b.linked(a)->payload_received(), 128U * 1024);
  send(*a.linked(b), 5, 0, io::noise_of(3));
  EXPECT_TRUE(run_until(loop, [&] { return b.ear.segments.size() == 1; }));
}

// Closing in the middle of a segment, from either end.
TEST_F(NetTest, ALinkMayCloseInMidSegment) {
  Node a(loop, 1), b(loop, 2);
  link(a, b);
  for (int i = 0; i < 100; ++i) send(*a.linked(b), 1, 0, io::noise_of(128 * 1024));
  ASSERT_TRUE(run_until(loop, [&] { return !b.ear.segments.empty(); }));
  b.linked(a)->close(proto::Reason::refused, "enough");
  ASSERT_TRUE(run_until(loop, [&] { return !a.ear.closed.empty(); }));
  EXPECT_EQ(b.ear.closed, std::vector<std::string>{"enough"});
}

} // namespace
} // namespace p2pd::net
