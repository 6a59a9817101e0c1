#include "daemon/base/descriptor_shares.hpp"

#include <gtest/gtest.h>

namespace p2pd::base {
namespace {

TEST(DescriptorShares, NeverExceedWhatIsAllowed) {
  for (const std::size_t allowed : {16U, 64U, 128U, 256U, 1'024U, 4'096U, 65'536U, 1'048'576U})
    for (const std::size_t wanted : {1U, 50U, 1'000U, 20'000U, 1'000'000U}) {
      const DescriptorShares shares = share_descriptors(allowed, wanted);
      EXPECT_LE(shares.own + shares.control + shares.links + 2 * shares.fetches + shares.files,
                allowed)
          << allowed << ' ' << wanted;
      EXPECT_LE(shares.links, wanted);
      EXPECT_GE(shares.links, 1U);
      EXPECT_GE(shares.fetches, 1U);
      EXPECT_GE(shares.files, 1U);
    }
}

TEST(DescriptorShares, OfLimitsThatPeopleHave) {
  const DescriptorShares shell = share_descriptors(1'024, 1'000);
  EXPECT_EQ(shell.own, 128U);
  EXPECT_EQ(shell.control, 65U);
  EXPECT_EQ(shell.links, 416U);
  EXPECT_EQ(shell.files, 64U);
  EXPECT_EQ(shell.fetches, 175U);
  const DescriptorShares service = share_descriptors(65'536, 1'000);
  EXPECT_EQ(service.links, 1'000U);
  EXPECT_EQ(service.control, 1'024U);
  EXPECT_EQ(service.files, 64U);
  EXPECT_GT(service.fetches, 10'000U);
  EXPECT_EQ(share_descriptors(65'536, 20'000).links, 20'000U) << "a tracker";
}

} // namespace
} // namespace p2pd::base
