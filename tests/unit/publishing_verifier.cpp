#include "daemon/publishing/verifier.hpp"

#include <gtest/gtest.h>

namespace p2pd::publishing {
namespace {

TEST(LastVerified, ATimeToComeTellsNothing) {
  constexpr std::int64_t now = 1'800'000'000;
  EXPECT_EQ(last_verified(now - 5, now), now - 5);
  EXPECT_EQ(last_verified(now, now), now);
  EXPECT_EQ(last_verified(now + 1, now), 0);
  EXPECT_EQ(last_verified(0, now), 0);
}

} // namespace
} // namespace p2pd::publishing
