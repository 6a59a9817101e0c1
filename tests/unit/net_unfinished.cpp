// Whose unfinished frame makes way.
#include "daemon/net/unfinished.hpp"

#include <array>
#include <gtest/gtest.h>

namespace p2pd::net {
namespace {

TEST(NetUnfinished, TheNetworkThatHasMostLosesItsLargest) {
  const std::array all{Unfinished{1, 900}, Unfinished{2, 500}, Unfinished{2, 600},
                       Unfinished{3, 0}};
  EXPECT_EQ(largest(all), 2U);
  EXPECT_EQ(largest(std::span(all).first(2)), 0U);
}

TEST(NetUnfinished, WhoHasNoneIsLeftAlone) {
  EXPECT_EQ(largest({}), std::nullopt);
  EXPECT_EQ(largest(std::array{Unfinished{1, 0}}), std::nullopt);
}

} // namespace
} // namespace p2pd::net
