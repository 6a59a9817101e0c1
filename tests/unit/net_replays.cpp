#include "daemon/net/replays.hpp"

#include <gtest/gtest.h>

namespace p2pd::net {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

Replays::Key key(std::uint32_t number) {
  Replays::Key key;
  for (int i = 0; i < 4; ++i) key.bytes[static_cast<std::size_t>(i)] = number >> (8 * i) & 0xff;
  return key;
}

TEST(Replays, TellTheSecondFromTheFirst) {
  Replays replays;
  const io::Time now = io::Clock::now();
  EXPECT_TRUE(replays.first(key(1), now));
  EXPECT_TRUE(replays.first(key(2), now));
  EXPECT_FALSE(replays.first(key(1), now));
  EXPECT_FALSE(replays.first(key(1), now + minutes(9)));
  EXPECT_FALSE(replays.first(key(2), now + minutes(10)));
}

// Ten minutes after the first time: that it was tried again does not count.
TEST(Replays, AreForgotten) {
  Replays replays;
  const io::Time now = io::Clock::now();
  EXPECT_TRUE(replays.first(key(1), now));
  EXPECT_TRUE(replays.first(key(2), now + minutes(5)));
  EXPECT_FALSE(replays.first(key(1), now + minutes(9)));
  EXPECT_TRUE(replays.first(key(1), now + minutes(10) + seconds(1)));
  EXPECT_FALSE(replays.first(key(2), now + minutes(10) + seconds(1)));
  EXPECT_FALSE(replays.first(key(1), now + minutes(20)));
}

TEST(Replays, AreBounded) {
  Replays replays;
  const io::Time now = io::Clock::now();
  for (std::uint32_t i = 0; i <= Replays::most; ++i) ASSERT_TRUE(replays.first(key(i), now));
  EXPECT_FALSE(replays.first(key(1), now));
  EXPECT_FALSE(replays.first(key(Replays::most), now));
  EXPECT_TRUE(replays.first(key(0), now)); // the oldest has made way
}

} // namespace
} // namespace p2pd::net
