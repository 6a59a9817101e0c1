#include "daemon/net/reachability.hpp"

#include <gtest/gtest.h>

namespace p2pd::net {
namespace {

using io::Endpoint;
using Texts = std::vector<std::string>;

Endpoint at(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  std::string host(text.substr(0, colon));
  if (host.starts_with('[')) host = host.substr(1, host.size() - 2);
  return *Endpoint::from(
      {host, static_cast<std::uint16_t>(std::stoi(std::string(text.substr(colon + 1))))});
}

std::vector<Endpoint> all(std::initializer_list<std::string_view> texts) {
  std::vector<Endpoint> endpoints;
  for (const std::string_view text : texts) endpoints.push_back(at(text));
  return endpoints;
}

// A machine whose second device, of index 2, has a link-local address.
const std::vector<Endpoint> machine{at("127.0.0.1:0"), at("[::1]:0"), at("192.0.2.7:0"),
                                    at("[2001:db8::7]:0"), at("[fe80::7]:0").in_zone(2)};
const std::vector<Endpoint> everywhere = all({"[::]:7450", "0.0.0.0:7440"});

TEST(Reachability, AnAddressReachesAsFarAsItsScope) {
  EXPECT_EQ(scope_of("127.9.9.9:1"), Scope::machine);
  EXPECT_EQ(scope_of("[::1]:1"), Scope::machine);
  EXPECT_EQ(scope_of("localhost:1"), Scope::machine);
  EXPECT_EQ(scope_of("169.254.1.1:1"), Scope::link);
  EXPECT_EQ(scope_of("[fe80::1]:1"), Scope::link);
  EXPECT_EQ(scope_of("10.0.0.1:1"), Scope::everybody);
  EXPECT_EQ(scope_of("[fd00::1]:1"), Scope::everybody);
  EXPECT_EQ(scope_of("nas.example:1"), Scope::everybody);
  for (const char* none : {"0.0.0.0:1", "[::]:1", "10.0.0.1:0", "10.0.0.1", "", "a b:1"})
    EXPECT_EQ(scope_of(none), std::nullopt) << none;
}

TEST(Reachability, ListeningEverywhereIsToBeOpenAtEachInterface) {
  EXPECT_EQ(
      open_at(everywhere, machine),
      (std::vector{at("[::1]:7450"), at("[2001:db8::7]:7450"), at("[fe80::7]:7450").in_zone(2),
                   at("127.0.0.1:7440"), at("192.0.2.7:7440")}));
  EXPECT_TRUE(open_at(everywhere, {}).empty());
  const auto listening = all({"192.0.2.7:1", "192.0.2.8:2", "127.0.0.2:3"});
  EXPECT_EQ(open_at(listening, machine), all({"192.0.2.7:1", "127.0.0.2:3"}));
  EXPECT_EQ(not_up(listening, machine), all({"192.0.2.8:2"}));
  EXPECT_TRUE(not_up(everywhere, {}).empty());
}

TEST(Reachability, ThePortIsOneThatIsListenedAt) {
  EXPECT_EQ(port_for(everywhere, at("192.0.2.9:5")), 7440);
  EXPECT_EQ(port_for(everywhere, at("[2001:db8::9]:5")), 7450);
  EXPECT_EQ(port_for(all({"192.0.2.7:1"}), at("192.0.2.7:5")), 1);
  EXPECT_EQ(port_for(all({"192.0.2.7:1"}), at("192.0.2.8:5")), 0) << "nobody listens there";
  EXPECT_EQ(port_for(all({"127.0.0.1:1"}), at("[::1]:5")), 0);
  EXPECT_EQ(port_for({}, at("192.0.2.9:5")), 0);
}

TEST(Reachability, EachIsToldWhatItCanDial) {
  const Whereabouts own{everywhere, machine, {}};
  const Texts wide{"[2001:db8::7]:7450", "192.0.2.7:7440"};
  EXPECT_EQ(told_to(own, at("198.51.100.1:9")), wide);
  // On this machine, where its tracker may be, which tells others of it.
  EXPECT_EQ(told_to(own, at("127.0.0.1:9")),
            (Texts{"[::1]:7450", wide[0], "127.0.0.1:7440", wide[1]}));
  EXPECT_EQ(told_to(own, at("[fe80::9]:9").in_zone(2)),
            (Texts{wide[0], "[fe80::7]:7450", wide[1]}));
  EXPECT_EQ(told_to(own, at("[fe80::9]:9").in_zone(3)), wide) << "on another link";
}

TEST(Reachability, WhatIsAdvertisedStandsInsteadOfTheInterfaces) {
  const Whereabouts own{everywhere, machine, {"nas.example:80", "127.0.0.1:81"}};
  EXPECT_EQ(told_to(own, at("198.51.100.1:9")), Texts{"nas.example:80"});
  EXPECT_EQ(told_to(own, at("127.0.0.1:9")), (Texts{"nas.example:80", "127.0.0.1:81"}));
}

TEST(Reachability, ATrackerHandsOnWhatTheAskerCanDial) {
  const Endpoint here = at("127.0.0.1:9"), far = at("198.51.100.1:9");
  EXPECT_TRUE(may_hand_on("127.0.0.1:1", here, here));
  EXPECT_FALSE(may_hand_on("127.0.0.1:1", here, far));
  EXPECT_TRUE(may_hand_on("nas.example:1", here, far));
  EXPECT_FALSE(may_hand_on("0.0.0.0:1", here, far));
  const Endpoint one = at("[fe80::1]:9").in_zone(2), two = at("[fe80::2]:9").in_zone(2);
  const Endpoint other_link = at("[fe80::3]:9").in_zone(3);
  EXPECT_TRUE(may_hand_on("[fe80::1%eth0]:1", one, two));
  EXPECT_FALSE(may_hand_on("[fe80::1]:1", one, other_link));
  EXPECT_FALSE(may_hand_on("[fe80::1]:1", one, far));
  EXPECT_EQ(without_zone("[fe80::1%eth0]:1"), "[fe80::1]:1");
  EXPECT_EQ(without_zone("192.0.2.1:1"), "192.0.2.1:1");
}

TEST(Reachability, PeopleAreShownTheAddressThatReachesFurthest) {
  const auto shown = [](std::initializer_list<const char*> texts) {
    proto::PeerInfo node;
    for (const char* text : texts) node.addresses.emplace_back(text);
    return most_public(node);
  };
  EXPECT_EQ(shown({"127.0.0.1:1", "192.0.2.1:1", "192.0.2.2:1"}), "192.0.2.1:1");
  EXPECT_EQ(shown({"[::1]:1", "[fe80::1]:1"}), "[fe80::1]:1");
  EXPECT_EQ(shown({"0.0.0.0:1"}), "");
}

TEST(Reachability, ATokenHoldsTheWidestThereIs) {
  const Standing good = standing({everywhere, machine, {}});
  EXPECT_EQ(good.addresses, (Texts{"[2001:db8::7]:7450", "192.0.2.7:7440"}));
  EXPECT_EQ(good.lack, "");
  const Standing named = standing({all({"127.0.0.1:1"}), machine, {"nas.example:80"}});
  EXPECT_EQ(named.addresses, Texts{"nas.example:80"});
  EXPECT_EQ(named.lack, "");
}

TEST(Reachability, WhatIsLackingIsSaidWithItsRemedy) {
  const std::vector<Endpoint> loopback(machine.begin(), machine.begin() + 2);
  const Standing offline = standing({everywhere, loopback, {}});
  EXPECT_EQ(offline.scope, Scope::machine);
  EXPECT_NE(offline.lack.find("no network yet"), std::string::npos);
  EXPECT_NE(offline.remedy.find("advertise"), std::string::npos);

  const Standing local = standing({all({"127.0.0.1:1"}), machine, {}});
  EXPECT_EQ(local.addresses, Texts{"127.0.0.1:1"});
  EXPECT_NE(local.lack.find("no other machine reaches"), std::string::npos);

  const Standing early = standing({all({"192.0.2.99:1"}), machine, {}});
  EXPECT_TRUE(early.addresses.empty());
  EXPECT_NE(early.lack.find("192.0.2.99:1 is not an address of this machine yet"),
            std::string::npos);

  std::vector<Endpoint> wire = loopback;
  wire.push_back(machine.back());
  const Standing linked = standing({everywhere, wire, {}});
  EXPECT_EQ(linked.addresses, Texts{"[fe80::7]:7450"});
  EXPECT_NE(linked.lack.find("link-local"), std::string::npos);
}

} // namespace
} // namespace p2pd::net
