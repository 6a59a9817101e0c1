// Which addresses somebody may have this node dial.
#include "daemon/net/told.hpp"

#include <gtest/gtest.h>

namespace p2pd::net {
namespace {

io::Endpoint seen(const char* at) {
  return *io::Endpoint::parse(at);
}

const io::Endpoint far_away = seen("198.51.100.7:40000");
const io::Endpoint far_away_v6 = seen("[2001:db8::7]:40000");
const io::Endpoint own_host = seen("127.0.0.1:40000");
const io::Endpoint beside = seen("169.254.1.2:40000");

TEST(NetTold, NamesAreNotLookedUp) {
  for (const char* name : {"nas.example:7440", "localhost:7440", "127.1:7440", "1:7440", ""})
    for (const io::Endpoint& teller : {far_away, own_host})
      EXPECT_FALSE(may_be_told(name, teller)) << name;
}

TEST(NetTold, AnAddressIsThatOfOneHost) {
  for (const char* address :
       {"0.0.0.0:1", "0.1.2.3:1", "224.0.0.1:1", "239.1.2.3:1", "240.0.0.1:1", "255.255.255.255:1",
        "[::]:1", "[ff02::1]:1", "[::ffff:0.0.0.0]:1", "[::ffff:224.0.0.1]:1", "192.0.2.1:0"})
    for (const io::Endpoint& teller : {far_away, far_away_v6, own_host})
      EXPECT_FALSE(may_be_told(address, teller)) << address;
  for (const char* address : {"192.0.2.1:1", "10.0.0.1:65535", "[2001:db8::1]:1"})
    for (const io::Endpoint& teller : {far_away, far_away_v6, own_host, beside})
      EXPECT_TRUE(may_be_told(address, teller)) << address;
}

TEST(NetTold, ItIsOfAScopeThatTheTellerIsIn) {
  for (const char* address : {"127.0.0.1:1", "127.1.2.3:1", "[::1]:1", "[::ffff:127.0.0.1]:1"}) {
    EXPECT_TRUE(may_be_told(address, own_host)) << address;
    for (const io::Endpoint& teller : {far_away, far_away_v6, beside})
      EXPECT_FALSE(may_be_told(address, teller)) << address;
  }
  for (const char* address : {"169.254.3.4:1", "[fe80::1]:1"}) {
    EXPECT_TRUE(may_be_told(address, beside)) << address;
    for (const io::Endpoint& teller : {far_away, far_away_v6})
      EXPECT_FALSE(may_be_told(address, teller)) << address;
  }
}

TEST(NetTold, WhatMayNotBeDialledIsLeftOut) {
  proto::PeerInfo info;
  info.name = "nas";
  for (const char* address : {"nas.example:1", "192.0.2.1:1", "127.0.0.1:1"})
    info.addresses.emplace_back(address);
  const Told told(info, far_away);
  ASSERT_EQ(told.node.addresses.size(), 1U);
  EXPECT_EQ(told.node.addresses.front(), "192.0.2.1:1");
  EXPECT_EQ(told.node.name, "nas");
  EXPECT_EQ(told.by, far_away.network());
}

} // namespace
} // namespace p2pd::net
