#include "daemon/tracker/quotas.hpp"

#include <gtest/gtest.h>

namespace p2pd::tracker {
namespace {

class QuotasTest : public testing::Test {
 protected:
  const net::Whence here{1, 11}, neighbour{1, 12}, elsewhere{2, 21};
  Quotas quotas{{.one = 10, .address = 20, .site = 30, .all = 40}};
};

TEST_F(QuotasTest, BoundOnePeer) {
  EXPECT_EQ(quotas.refusal(here, 9), "");
  EXPECT_NE(quotas.refusal(here, 10), "");
}

TEST_F(QuotasTest, BoundAnAddress) {
  quotas.changed(here, 0, 10);
  quotas.changed(here, 0, 10); // another peer there
  EXPECT_NE(quotas.refusal(here, 0), "");
  EXPECT_EQ(quotas.refusal(neighbour, 0), "");
}

TEST_F(QuotasTest, BoundASiteAndLeaveTheRestToOthers) {
  quotas.changed(here, 0, 20);
  quotas.changed(neighbour, 0, 10);
  EXPECT_NE(quotas.refusal(neighbour, 0), "");
  EXPECT_EQ(quotas.refusal(elsewhere, 0), "");
  quotas.changed(elsewhere, 0, 10);
  EXPECT_NE(quotas.refusal(elsewhere, 0), "") << "now it is full";
  EXPECT_EQ(quotas.all(), 40U);
}

TEST_F(QuotasTest, TakeAgainWhatWasForgotten) {
  quotas.changed(here, 0, 20);
  quotas.changed(here, 20, 5);
  EXPECT_EQ(quotas.refusal(here, 5), "");
  quotas.changed(here, 5, 0);
  EXPECT_EQ(quotas.all(), 0U);
}

} // namespace
} // namespace p2pd::tracker
