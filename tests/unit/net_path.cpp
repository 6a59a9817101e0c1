#include "daemon/net/path.hpp"

#include <gtest/gtest.h>

namespace p2pd::net {
namespace {

using namespace std::chrono_literals;

const io::Time first = io::Time() + 1h;

TEST(Path, WhatIsRepeatedInVainWhileTheOtherHostSendsIsLost) {
  EXPECT_TRUE(sends_into_hole({.unacked = 10, .backoff = 3, .since_data = 1s, .since_ack = 1s}));
  // A lost packet or two, as on any line.
  EXPECT_FALSE(sends_into_hole({.unacked = 10, .backoff = 2, .since_data = 1s, .since_ack = 1s}));
  EXPECT_FALSE(sends_into_hole({.unacked = 0, .backoff = 0, .since_data = 1s, .since_ack = 1s}));
  // Nothing passes at all: the host is gone.
  EXPECT_FALSE(sends_into_hole({.unacked = 10, .backoff = 6, .since_data = 60s, .since_ack = 60s}));
}

TEST(Path, AnAnswerThatIsOwedWhileTheHostAcknowledgesIsLost) {
  EXPECT_TRUE(receives_through_hole({.since_data = 6s, .since_ack = 1s}, 5s));
  // The ping has not arrived: nothing passes in the other direction either.
  EXPECT_FALSE(receives_through_hole({.unacked = 1, .since_data = 6s, .since_ack = 6s}, 5s));
  // A slow line: parts of a record come.
  EXPECT_FALSE(receives_through_hole({.since_data = 1s, .since_ack = 1s}, 20s));
  // Nothing is owed on an idle link.
  EXPECT_FALSE(receives_through_hole({.since_data = 60s, .since_ack = 60s}, 0s));
  // A process that was short of time.
  EXPECT_FALSE(receives_through_hole({.since_data = 6s, .since_ack = 1s}, 2s));
}

TEST(Path, SegmentsShrinkStepByStepAndForAnHour) {
  SegmentSizes sizes;
  EXPECT_EQ(sizes.size_for("192.0.2.1", first), 0);
  EXPECT_TRUE(sizes.shrink("192.0.2.1", first));
  EXPECT_EQ(sizes.size_for("192.0.2.1", first), 1220);
  EXPECT_EQ(sizes.size_for("192.0.2.2", first), 0);
  EXPECT_TRUE(sizes.shrink("192.0.2.1", first + 1min));
  EXPECT_EQ(sizes.size_for("192.0.2.1", first + 1min), 536);
  EXPECT_FALSE(sizes.shrink("192.0.2.1", first + 2min)) << "there is nothing smaller";
  EXPECT_EQ(sizes.size_for("192.0.2.1", first + 2min), 536);
  EXPECT_EQ(sizes.size_for("192.0.2.1", first + 1min + 1h), 0);
  EXPECT_TRUE(sizes.shrink("192.0.2.1", first + 2h));
  EXPECT_EQ(sizes.size_for("192.0.2.1", first + 2h), 1220);
}

TEST(Path, OnlySoManyHostsAreRemembered) {
  SegmentSizes sizes;
  for (int i = 0; i < 1000; ++i) EXPECT_TRUE(sizes.shrink(std::to_string(i), first));
  EXPECT_FALSE(sizes.shrink("one more", first));
  EXPECT_TRUE(sizes.shrink("7", first)) << "a known one";
  EXPECT_TRUE(sizes.shrink("one more", first + 1h)) << "those have made room";
}

} // namespace
} // namespace p2pd::net
