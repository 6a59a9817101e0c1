#include "daemon/net/pending_links.hpp"

#include <gtest/gtest.h>

namespace p2pd::net {
namespace {

class NetPendingLinks : public testing::Test {
 protected:
  // No session is ever looked at, so any places in memory can stand for some.
  Session& session(std::size_t number) { return reinterpret_cast<Session&>(places.at(number)); }
  void enter(std::size_t number, const char* from) {
    pending.enter(session(number), *io::Endpoint::parse(from));
  }
  std::optional<PendingLinks::Surplus> surplus(const char* from) const {
    return pending.surplus(*io::Endpoint::parse(from));
  }

  std::vector<std::max_align_t> places = std::vector<std::max_align_t>(2 * PendingLinks::most);
  PendingLinks pending;
};

TEST_F(NetPendingLinks, KnowsWhoIsThere) {
  EXPECT_EQ(pending.weakest(), nullptr);
  enter(1, "192.0.2.1:1");
  enter(2, "192.0.2.2:1");
  EXPECT_EQ(pending.size(), 2U);
  EXPECT_FALSE(surplus("192.0.2.1:1"));
  EXPECT_EQ(pending.weakest(), &session(1)); // of equals the one that came first
  pending.leave(session(1));
  pending.leave(session(1));
  pending.leave(session(3));
  EXPECT_EQ(pending.size(), 1U);
  EXPECT_EQ(pending.weakest(), &session(2));
}

TEST_F(NetPendingLinks, TheOldestOfOneAddressMakesWay) {
  enter(0, "192.0.2.7:7");
  for (std::size_t i = 1; i <= PendingLinks::most_of_one; ++i) enter(i, "192.0.2.1:1");
  EXPECT_FALSE(surplus("192.0.2.7:8"));
  for (const std::size_t oldest : {1, 2}) {
    const auto found = surplus("192.0.2.1:99"); // whatever its port
    ASSERT_TRUE(found);
    EXPECT_EQ(found->session, &session(oldest));
    EXPECT_EQ(found->cause, Refusal::address);
    pending.leave(*found->session);
    EXPECT_FALSE(surplus("192.0.2.1:99"));
    enter(PendingLinks::most_of_one + oldest, "192.0.2.1:99");
  }
}

TEST_F(NetPendingLinks, ANetworkOfIPv6IsOneAddress) {
  for (std::size_t i = 0; i < PendingLinks::most_of_one; ++i)
    enter(i, i % 2 == 0 ? "[2001:db8:0:7::1]:1" : "[2001:db8:0:7:ffff::2]:1");
  EXPECT_TRUE(surplus("[2001:db8:0:7:aaaa:bbbb:cccc:dddd]:1"));
  EXPECT_FALSE(surplus("[2001:db8:0:8::1]:1"));
  EXPECT_FALSE(surplus("192.0.2.1:1"));
}

TEST_F(NetPendingLinks, InACrowdTheAddressThatHasMostLosesItsOldest) {
  std::size_t number = 0;
  enter(number++, "192.0.2.1:1"); // the first of all, but alone
  while (pending.size() < PendingLinks::most) {
    const std::string from = "192.0.2." + std::to_string(2 + number % 93) + ":1";
    enter(number++, from.c_str());
  }
  enter(number++, "192.0.2.50:1"); // one more than all others, from there
  pending.leave(session(1));
  const auto found = surplus("192.0.2.200:1");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->cause, Refusal::crowd);
  EXPECT_EQ(found->session, &session(48)); // 2 + 48 is 50
  pending.leave(*found->session);
  EXPECT_FALSE(surplus("192.0.2.200:1"));
}

} // namespace
} // namespace p2pd::net
