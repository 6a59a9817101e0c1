#include "daemon/net/door.hpp"

#include <gtest/gtest.h>

namespace p2pd::net {
namespace {

class NetDoor : public testing::Test {
 protected:
  // The door looks at no session, so that any places in memory can stand for some.
  Session& session(std::size_t number) { return reinterpret_cast<Session&>(places.at(number)); }
  void enter(std::size_t number, const char* from) {
    door.enter(session(number), *io::Endpoint::parse(from));
  }
  std::optional<Door::Surplus> surplus(const char* from) const {
    return door.surplus(*io::Endpoint::parse(from));
  }

  std::vector<std::max_align_t> places = std::vector<std::max_align_t>(2 * Door::most);
  Door door;
};

TEST_F(NetDoor, KnowsWhoIsThere) {
  EXPECT_EQ(door.weakest(), nullptr);
  enter(1, "192.0.2.1:1");
  enter(2, "192.0.2.2:1");
  EXPECT_EQ(door.size(), 2U);
  EXPECT_FALSE(surplus("192.0.2.1:1"));
  EXPECT_EQ(door.weakest(), &session(1)); // of equals the one that came first
  door.leave(session(1));
  door.leave(session(1));
  door.leave(session(3));
  EXPECT_EQ(door.size(), 1U);
  EXPECT_EQ(door.weakest(), &session(2));
}

TEST_F(NetDoor, TheOldestOfOneAddressMakesWay) {
  enter(0, "192.0.2.7:7");
  for (std::size_t i = 1; i <= Door::most_of_one; ++i) enter(i, "192.0.2.1:1");
  EXPECT_FALSE(surplus("192.0.2.7:8"));
  for (const std::size_t oldest : {1, 2}) {
    const auto found = surplus("192.0.2.1:99"); // whatever its port
    ASSERT_TRUE(found);
    EXPECT_EQ(found->session, &session(oldest));
    EXPECT_EQ(found->cause, Refusal::address);
    door.leave(*found->session);
    EXPECT_FALSE(surplus("192.0.2.1:99"));
    enter(Door::most_of_one + oldest, "192.0.2.1:99");
  }
}

TEST_F(NetDoor, ANetworkOfIPv6IsOneAddress) {
  for (std::size_t i = 0; i < Door::most_of_one; ++i)
    enter(i, i % 2 == 0 ? "[2001:db8:0:7::1]:1" : "[2001:db8:0:7:ffff::2]:1");
  EXPECT_TRUE(surplus("[2001:db8:0:7:aaaa:bbbb:cccc:dddd]:1"));
  EXPECT_FALSE(surplus("[2001:db8:0:8::1]:1"));
  EXPECT_FALSE(surplus("192.0.2.1:1"));
}

TEST_F(NetDoor, InACrowdTheAddressThatHasMostLosesItsOldest) {
  std::size_t number = 0;
  enter(number++, "192.0.2.1:1"); // the first of all, but alone
  while (door.size() < Door::most) {
    const std::string from = "192.0.2." + std::to_string(2 + number % 93) + ":1";
    enter(number++, from.c_str());
  }
  enter(number++, "192.0.2.50:1"); // one more than all others, from there
  door.leave(session(1));
  const auto found = surplus("192.0.2.200:1");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->cause, Refusal::crowd);
  EXPECT_EQ(found->session, &session(48)); // 2 + 48 is 50
  door.leave(*found->session);
  EXPECT_FALSE(surplus("192.0.2.200:1"));
}

} // namespace
} // namespace p2pd::net
