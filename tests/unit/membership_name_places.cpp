#include "daemon/membership/name_places.hpp"

#include <gtest/gtest.h>

namespace p2pd::membership {
namespace {

using What = NamePlaces::What;
using Kind = NamePlaces::Link::Kind;
using Steps = std::vector<NamePlaces::Step>;

constexpr io::Time noon{};

io::Endpoint place(int host) {
  return *io::Endpoint::parse("192.0.2." + std::to_string(host) + ":7440");
}

proto::PeerId tracker_id(std::uint8_t number) {
  proto::PeerId id;
  id.bytes.fill(number);
  return id;
}

NamePlaces::Link connected(Kind kind, std::uint8_t id, int host) {
  return {kind, tracker_id(id), place(host), false};
}

NamePlaces::Link away(Kind kind, std::uint8_t id) {
  return {kind, tracker_id(id), {}, false};
}

const NamePlaces::Link own_away{Kind::own, {}, {}, false};

TEST(NamePlaces, DialsAtOnceWhereTheNameLeadsElsewhere) {
  NamePlaces places;
  const NamePlaces::Links links{own_away, away(Kind::pinned, 1), away(Kind::other, 2)};
  EXPECT_EQ(places.lead_to({place(1)}, links), (Steps{{What::dial, 0}, {What::dial, 1}}));
  EXPECT_EQ(places.lead_to({place(1)}, links), Steps{}); // the back-off goes on
  EXPECT_EQ(places.lead_to({place(1), place(2)}, links).size(), 2U);
  EXPECT_EQ(places.lead_to({place(2), place(1)}, links), Steps{}); // another order
  EXPECT_EQ(places.lead_to({place(2)}, links).size(), 2U);
}

TEST(NamePlaces, HasALinkProveItselfWhereTheNameHasLeftIt) {
  NamePlaces places;
  const NamePlaces::Links links{connected(Kind::own, 1, 1)};
  EXPECT_EQ(places.lead_to({place(1)}, links), Steps{});
  EXPECT_EQ(places.lead_to({place(2)}, links), (Steps{{What::prove, 0}}));
  EXPECT_EQ(places.lead_to({place(2)}, links), (Steps{{What::prove, 0}})); // each time
}

TEST(NamePlaces, ProbesWhereNobodyIsKnown) {
  NamePlaces places;
  NamePlaces::Links links{connected(Kind::own, 1, 1)};
  places.lead_to({place(1), place(2), place(3)}, links);
  EXPECT_EQ(places.probe(links, noon), place(2));
  places.met(place(2), tracker_id(2));
  links.push_back(connected(Kind::found, 2, 2));
  EXPECT_EQ(places.probe(links, noon), place(3));
  EXPECT_EQ(places.probe(links, noon), std::nullopt); // nobody answered there
  EXPECT_EQ(places.probe(links, noon + NamePlaces::probe_period), place(3));
  places.met(place(3), tracker_id(1)); // the other address of the first
  EXPECT_EQ(places.probe(links, noon + 2 * NamePlaces::probe_period), std::nullopt);
}

TEST(NamePlaces, ProbesForAnOpenNameThatIsConnectedAlone) {
  NamePlaces places;
  const NamePlaces::Links pinned{connected(Kind::pinned, 1, 1)}, open{own_away};
  places.lead_to({place(1), place(2)}, pinned);
  EXPECT_EQ(places.probe(pinned, noon), std::nullopt);
  EXPECT_EQ(places.probe(open, noon), std::nullopt);
}

TEST(NamePlaces, KeepsOneThatIsAwayAsLongAsTheNameLeadsToIt) {
  NamePlaces places;
  NamePlaces::Links links{connected(Kind::own, 1, 1), connected(Kind::found, 2, 2)};
  places.lead_to({place(1), place(2)}, links);
  places.met(place(2), tracker_id(2));
  links[1].at.reset();
  EXPECT_EQ(places.lead_to({place(1), place(2)}, links), Steps{});
  EXPECT_EQ(places.probe(links, noon), std::nullopt);
  EXPECT_EQ(places.lead_to({place(1)}, links), (Steps{{What::forget, 1}}));
}

TEST(NamePlaces, ForgetsOneWhoseAddressIsAnothersNow) {
  NamePlaces places;
  NamePlaces::Links links{connected(Kind::own, 1, 1), away(Kind::found, 2)};
  places.lead_to({place(1), place(2)}, {connected(Kind::own, 1, 1)});
  places.met(place(2), tracker_id(2));
  links[1].refused = true;
  EXPECT_EQ(places.lead_to({place(1), place(2)}, links), (Steps{{What::forget, 1}}));
  links.pop_back();
  EXPECT_EQ(places.probe(links, noon), place(2));
}

TEST(NamePlaces, HasAFoundOneGiveWayToTheNamesOwnLink) {
  NamePlaces places;
  const NamePlaces::Links before{connected(Kind::own, 1, 1), connected(Kind::found, 2, 2)};
  places.lead_to({place(2)}, before);
  places.met(place(2), tracker_id(2));
  const NamePlaces::Links after{own_away, connected(Kind::found, 2, 2)};
  EXPECT_EQ(places.lead_to({place(2)}, after), (Steps{{What::forget, 1}, {What::dial, 0}}));
  // As long as there is an address where the own one may find somebody, it does not.
  EXPECT_EQ(places.lead_to({place(2), place(3)}, after), (Steps{{What::dial, 0}}));
}

} // namespace
} // namespace p2pd::membership
