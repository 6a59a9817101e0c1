#include "daemon/http/callers.hpp"

#include <gtest/gtest.h>

namespace p2pd::http {
namespace {

using std::chrono::seconds;

const io::Time start{seconds(1000)};

TEST(Callers, MakeWayForOthersOfTheirNetwork) {
  Callers callers;
  for (int i = 0; i < static_cast<int>(Callers::most_of_network); ++i) {
    EXPECT_FALSE(callers.leaver_for(1));
    callers.came(i, 1, start);
  }
  EXPECT_EQ(callers.leaver_for(1), 0) << "the one that came first";
  EXPECT_FALSE(callers.leaver_for(2));
  callers.left(0);
  EXPECT_FALSE(callers.leaver_for(1));
  callers.came(0, 1, start); // its number is used again
  EXPECT_EQ(callers.leaver_for(1), 1);
}

TEST(Callers, MakeWayWhereTheCrowdIs) {
  Callers callers;
  for (int i = 0; i < static_cast<int>(Callers::most); ++i) // 5 to 24 are of one network
    callers.came(i, i < 5 || i >= 25 ? 1000 + static_cast<std::uint64_t>(i) : 1, start);
  EXPECT_EQ(callers.leaver_for(7), 5);
  EXPECT_EQ(callers.leaver_for(1000), 5);
  callers.left(5);
  EXPECT_FALSE(callers.leaver_for(7));
}

TEST(Callers, StayForSoLongAtMost) {
  Callers callers;
  EXPECT_FALSE(callers.next_due());
  callers.came(7, 1, start);
  callers.came(8, 2, start + seconds(1));
  EXPECT_EQ(callers.next_due(), start + Callers::longest);
  EXPECT_TRUE(callers.overdue(start + Callers::longest - seconds(1)).empty());
  EXPECT_EQ(callers.overdue(start + Callers::longest), std::vector{7});
  callers.left(7);
  callers.left(7); // nothing
  EXPECT_EQ(callers.next_due(), start + seconds(1) + Callers::longest);
  EXPECT_EQ(callers.size(), 1U);
}

} // namespace
} // namespace p2pd::http
