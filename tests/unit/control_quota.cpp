#include "daemon/control/quota.hpp"

#include <gtest/gtest.h>

namespace p2pd::control {
namespace {

using Verdict = Quota::Verdict;

constexpr std::uint32_t owner = 990;

// As many as are let in.
std::size_t fill(Quota& quota, std::uint32_t user, proto::Access access) {
  std::size_t count = 0;
  while (count < 10'000 && quota.admit(user, access) == Verdict::admitted) ++count;
  return count;
}

TEST(Quota, OneUserHasAQuarterOfWhatIsNotKept) {
  Quota quota(256, owner);
  EXPECT_EQ(fill(quota, 1000, proto::Access::control), 48U);
  EXPECT_EQ(quota.admit(1000, proto::Access::control), Verdict::user_is_full);
  EXPECT_EQ(quota.admit(1001, proto::Access::control), Verdict::admitted);
  quota.leave(1000, proto::Access::control);
  EXPECT_EQ(quota.admit(1000, proto::Access::control), Verdict::admitted);
}

TEST(Quota, ReadersLeaveRoomForThoseWhoControlAndTheseForTheOwner) {
  Quota quota(256, owner);
  std::size_t readers = 0, controllers = 0;
  for (std::uint32_t user = 1000; user < 1100; ++user)
    readers += fill(quota, user, proto::Access::read);
  EXPECT_EQ(readers, 96U);
  EXPECT_EQ(quota.admit(2000, proto::Access::read), Verdict::all_full);
  for (std::uint32_t user = 2000; user < 2100; ++user)
    controllers += fill(quota, user, proto::Access::control);
  EXPECT_EQ(readers + controllers, 192U);
  EXPECT_EQ(fill(quota, owner, proto::Access::control), 64U);
  EXPECT_EQ(quota.admit(0, proto::Access::control), Verdict::all_full);
}

TEST(Quota, LetsAllInAgainWhenTheyHaveLeft) {
  Quota quota(8, owner);
  for (int round = 0; round < 100; ++round) {
    ASSERT_EQ(quota.admit(1000, proto::Access::read), Verdict::admitted);
    ASSERT_EQ(quota.admit(0, proto::Access::control), Verdict::admitted);
    quota.leave(1000, proto::Access::read);
    quota.leave(0, proto::Access::control);
  }
  EXPECT_EQ(fill(quota, 0, proto::Access::control), 8U);
}

TEST(Quota, GivesEverybodyOneHoweverFewThereAre) {
  Quota quota(4, owner);
  EXPECT_EQ(fill(quota, 1000, proto::Access::read), 1U);
  EXPECT_EQ(fill(quota, 1001, proto::Access::control), 1U);
  EXPECT_GE(fill(quota, 0, proto::Access::control), 1U);
}

} // namespace
} // namespace p2pd::control
