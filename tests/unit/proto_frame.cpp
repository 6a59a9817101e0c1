#include "proto/frame.hpp"

#include "tests/unit/proto_support.hpp"

namespace p2pd::proto {
namespace {

Bytes framed(View payload) {
  Bytes out;
  FrameWriter frame(out);
  out.insert(out.end(), payload.begin(), payload.end());
  frame.close();
  return out;
}

TEST(Frame, LengthIsBigEndian) {
  EXPECT_EQ(hex(framed(Bytes{0xc0})), "00000001c0");
  const Bytes frame = framed(Bytes(0x010203, 0));
  EXPECT_EQ(hex(View(frame).first(frame_header)), "00010203");
}

TEST(Frame, NothingUntilAllIsThere) {
  const Bytes frame = framed(view("hello"));
  for (std::size_t size = 0; size < frame.size(); ++size)
    EXPECT_FALSE(front_frame(View(frame).first(size))) << size;
  const auto payload = front_frame(frame);
  ASSERT_TRUE(payload);
  EXPECT_EQ(text(*payload), "hello");
}

TEST(Frame, LeavesWhatFollows) {
  const Bytes two = joined(framed(view("one")), framed(view("two")));
  const auto first = front_frame(two);
  ASSERT_TRUE(first);
  EXPECT_EQ(text(*first), "one");
  const auto second = front_frame(View(two).subspan(frame_header + first->size()));
  ASSERT_TRUE(second);
  EXPECT_EQ(text(*second), "two");
}

TEST(Frame, TheCapHoldsOnTheHeaderAlone) {
  EXPECT_EQ(refusal([] { front_frame(raw("00000000")); }), "empty frame");
  EXPECT_EQ(refusal([] { front_frame(raw("00100000")); }), "");
  EXPECT_EQ(refusal([] { front_frame(raw("00100001")); }),
            "frame of 1048577 bytes is over the cap");
  EXPECT_EQ(refusal([] { front_frame(raw("ffffffff")); }),
            "frame of 4294967295 bytes is over the cap");
  EXPECT_EQ(refusal([] { front_frame(raw("ffffff")); }), "") << "no header yet";
  EXPECT_EQ(refusal([] { front_frame(raw("00000005"), 4); }), "frame of 5 bytes is over the cap");
  EXPECT_EQ(front_frame(framed(Bytes(max_frame, 7)))->size(), max_frame);
}

TEST(Frame, WriterAppendsAndTakesBackWhatIsTooLong) {
  Bytes out = raw("aabb");
  FrameWriter fits(out);
  out.push_back(0x01);
  fits.close(1);
  EXPECT_EQ(hex(out), "aabb0000000101");

  FrameWriter outgrown(out);
  out.resize(out.size() + 6);
  EXPECT_EQ(refusal([&] { outgrown.close(5); }), "frame of 6 bytes is over the cap");
  EXPECT_EQ(hex(out), "aabb0000000101");
  EXPECT_NE(refusal([] { framed(Bytes(max_frame + 1)); }), "");
}

} // namespace
} // namespace p2pd::proto
