#include "daemon/io/interfaces.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <sys/resource.h>

namespace p2pd::io {
namespace {

Endpoint address(const std::string& host) {
  return *Endpoint::from({host, 1});
}

bool in(const std::string& remote, const std::string& own, const std::string& mask) {
  return in_network(address(remote), address(own), address(mask));
}

TEST(OwnNetwork, HoldsItsOwnAddressesAndNotTheWorld) {
  const auto addresses = interface_addresses(0).value();
  for (const Endpoint& own : addresses) EXPECT_TRUE(on_own_network(own)) << own.text();
  EXPECT_TRUE(on_own_network(*Endpoint::parse("127.9.9.9:1")));
  EXPECT_FALSE(on_own_network(*Endpoint::parse("240.0.0.1:1")));
  EXPECT_FALSE(on_own_network(*Endpoint::parse("[2001:db8::1]:1")));
}

TEST(OwnNetwork, HoldsWhatIsLinkLocal) {
  EXPECT_TRUE(on_own_network(address("169.254.7.7")));
  EXPECT_TRUE(on_own_network(address("fe80::7")));
}

TEST(OwnNetwork, IsThatOfTheMask) {
  EXPECT_TRUE(in("192.0.2.200", "192.0.2.1", "255.255.255.0"));
  EXPECT_FALSE(in("192.0.3.1", "192.0.2.1", "255.255.255.0"));
  EXPECT_TRUE(in("192.0.3.1", "192.0.2.1", "255.255.254.0"));
  EXPECT_TRUE(in("2001:db8::7", "2001:db8::1", "ffff:ffff:ffff:ffff::"));
  EXPECT_FALSE(in("2001:db8:0:1::7", "2001:db8::1", "ffff:ffff:ffff:ffff::"));
}

TEST(OwnNetwork, IsItselfAloneAtTheEndOfATunnel) {
  EXPECT_TRUE(in("10.8.0.1", "10.8.0.1", "255.255.255.255"));
  EXPECT_FALSE(in("10.8.0.2", "10.8.0.1", "255.255.255.255"));
}

TEST(OwnNetwork, IsNotTheWorldWhereItsMaskIsUnknown) {
  EXPECT_FALSE(in("198.51.100.1", "192.0.2.1", "0.0.0.0"));
  EXPECT_FALSE(in("2001:db8::7", "2001:db8::1", "::"));
  EXPECT_FALSE(in_network(address("192.0.2.2"), address("192.0.2.1"), Endpoint()));
  EXPECT_TRUE(in_network(address("192.0.2.1"), address("192.0.2.1"), Endpoint()));
}

TEST(OwnNetwork, IsOfOneFamily) {
  EXPECT_FALSE(in("192.0.2.1", "2001:db8::1", "ffff::"));
  EXPECT_FALSE(in("2001:db8::1", "192.0.2.1", "255.0.0.0"));
  EXPECT_TRUE(in("::ffff:192.0.2.9", "192.0.2.1", "255.255.255.0")); // as an IPv6 socket sees it
}

TEST(OwnNetwork, IsThisMachineAloneWhileTheKernelDoesNotTellTheInterfaces) {
  const auto addresses = interface_addresses(0).value();
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  const rlimit none{0, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &none), 0);
  const bool known = interface_addresses(0).has_value();
  const bool loopback = on_own_network(address("127.0.0.1"));
  const bool others = std::ranges::any_of(addresses, [](const Endpoint& own) {
    return !own.loopback() && !own.link_local() && on_own_network(own);
  });
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
  EXPECT_FALSE(known);
  EXPECT_TRUE(loopback);
  EXPECT_FALSE(others);
}

TEST(OwnNetwork, HoldsNoAddressOfNoFamily) {
  EXPECT_FALSE(on_own_network(Endpoint()));
  EXPECT_FALSE(in_network(Endpoint(), Endpoint(), Endpoint()));
}

} // namespace
} // namespace p2pd::io
