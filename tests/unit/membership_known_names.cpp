#include "daemon/membership/known_names.hpp"

#include <gtest/gtest.h>

namespace p2pd::membership {
namespace {

proto::PeerId node(std::uint8_t number) {
  proto::PeerId id;
  id.bytes.fill(number);
  return id;
}

class KnownNamesTest : public testing::Test {
 protected:
  io::Loop loop; // which never runs, so that nothing is written
  state::StateDb state{loop, "/nowhere"};
  KnownNames names{state};
};

TEST_F(KnownNamesTest, TheFirstKeepsItsName) {
  names.met("nas", node(1));
  names.met("nas", node(2));
  names.meant("nas", node(3));
  EXPECT_EQ(names.of("nas"), node(1));
  EXPECT_FALSE(names.of("na"));
}

TEST_F(KnownNamesTest, AreThoseOfEarlierRunsFirst) {
  names.restore({{"nas", node(1)}});
  names.met("nas", node(2));
  names.met("pi", node(2));
  EXPECT_EQ(names.of("nas"), node(1));
  EXPECT_EQ(names.of("pi"), node(2));
}

TEST_F(KnownNamesTest, ANodeWithoutANameIsNotKnownByIt) {
  names.met("", node(1));
  EXPECT_FALSE(names.of(""));
}

TEST_F(KnownNamesTest, CrowdsOfNodesDoNotKeepOutWhomUsersMean) {
  for (int i = 0; i < 10'000; ++i) names.met("node-" + std::to_string(i), node(1));
  names.met("late", node(2));
  EXPECT_FALSE(names.of("late"));
  names.meant("late", node(2));
  EXPECT_EQ(names.of("late"), node(2));
}

} // namespace
} // namespace p2pd::membership
