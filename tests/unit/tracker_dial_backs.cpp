// How often one peer has another dial it.
#include "daemon/tracker/dial_backs.hpp"

#include <gtest/gtest.h>

namespace p2pd::tracker {
namespace {

constexpr std::uint64_t asker = 1, another = 2;

proto::PeerId peer(std::uint8_t number) {
  proto::PeerId id;
  id.bytes.fill(number);
  return id;
}

class TrackerDialBacks : public testing::Test {
 protected:
  int taken(std::uint64_t by, int targets, int times) {
    int count = 0;
    for (int i = 0; i < times; ++i)
      count += dials.take(by, peer(static_cast<std::uint8_t>(i % targets)), now) ? 1 : 0;
    return count;
  }
  io::Time now = io::Time() + std::chrono::hours(1);
  DialBacks dials;
};

TEST_F(TrackerDialBacks, AnAskerHasSoMany) {
  EXPECT_EQ(taken(asker, 200, 1000), DialBacks::most_of_asker);
  EXPECT_EQ(taken(another, 200, 50), 50) << "others have their own";
  now += 10 * DialBacks::of_asker;
  EXPECT_EQ(taken(asker, 200, 1000), 10);
}

TEST_F(TrackerDialBacks, APeerIsAskedForSoMany) {
  int count = 0;
  for (std::uint64_t by = 0; by < 100; ++by) count += taken(by, 1, 10);
  EXPECT_EQ(count, DialBacks::most_to_one);
  EXPECT_TRUE(dials.take(asker, peer(2), now));
}

} // namespace
} // namespace p2pd::tracker
