#include "proto/beacon.hpp"

#include <gtest/gtest.h>

namespace p2pd::proto {
namespace {

noise::Psk secret_of(std::uint8_t byte) {
  noise::Psk secret;
  secret.bytes.fill(byte);
  return secret;
}

Beacon tracker_beacon() {
  Beacon beacon{{}, 7440, {"tracker.example:7440", "[2001:db8::7]:7440"}};
  beacon.tracker.bytes.fill(0x11);
  return beacon;
}

TEST(Beacon, RoundTrips) {
  const auto back = open_beacon(seal_beacon(tracker_beacon(), secret_of(1)), secret_of(1));
  ASSERT_TRUE(back);
  EXPECT_EQ(back->tracker, tracker_beacon().tracker);
  EXPECT_EQ(back->port, 7440);
  EXPECT_EQ(back->addresses, tracker_beacon().addresses);
}

TEST(Beacon, IsForMembersAlone) {
  EXPECT_FALSE(open_beacon(seal_beacon(tracker_beacon(), secret_of(1)), secret_of(2)));
}

TEST(Beacon, ShowsNothing) {
  const Bytes sealed = seal_beacon(tracker_beacon(), secret_of(1));
  const std::string text(sealed.begin(), sealed.end());
  EXPECT_EQ(text.find("tracker"), std::string::npos);
  EXPECT_EQ(text.find(std::string(8, 0x11)), std::string::npos);
  EXPECT_NE(sealed, seal_beacon(tracker_beacon(), secret_of(1)));
}

TEST(Beacon, AnyDamageIsSeen) {
  const Bytes sealed = seal_beacon(tracker_beacon(), secret_of(1));
  for (std::size_t size = 0; size < sealed.size(); ++size)
    EXPECT_FALSE(open_beacon(View(sealed).first(size), secret_of(1))) << size;
  for (std::size_t at = 0; at < sealed.size(); ++at) {
    Bytes damaged = sealed;
    damaged[at] ^= 1;
    EXPECT_FALSE(open_beacon(damaged, secret_of(1))) << at;
  }
}

TEST(Beacon, FitsIntoAPacket) {
  Beacon longest = tracker_beacon();
  longest.addresses.assign(longest.addresses.max, std::string(Address::max, 'h'));
  const Bytes sealed = seal_beacon(longest, secret_of(1));
  EXPECT_LE(sealed.size(), max_beacon);
  EXPECT_TRUE(open_beacon(sealed, secret_of(1)));
  EXPECT_FALSE(open_beacon(Bytes(max_beacon + 1), secret_of(1)));
}

} // namespace
} // namespace p2pd::proto
