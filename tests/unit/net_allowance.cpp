#include "daemon/net/allowance.hpp"

#include <gtest/gtest.h>

namespace p2pd::net {
namespace {

using io::milliseconds;

constexpr auto none = Allowance::Duration::zero();
constexpr Allowance::Terms terms{.message = milliseconds(1),
                                 .work = 4,
                                 .most = milliseconds(20),
                                 .patience = std::chrono::seconds(60)};

io::Time at(int ms) {
  return io::Time(std::chrono::hours(1)) + milliseconds(ms);
}

TEST(Allowance, AMessageCostsWhatItTook) {
  Allowance allowance;
  allowance.charge(milliseconds(4), at(0), terms);
  EXPECT_EQ(allowance.pause(at(0), terms), none);
  allowance.charge(milliseconds(1), at(0), terms);
  EXPECT_EQ(allowance.pause(at(0), terms), milliseconds(10)) << "half of it is to be paid back";
  EXPECT_EQ(allowance.pause(at(1), terms), none) << "19 are owed";
}

TEST(Allowance, AMessageCostsSomethingHoweverFastItIs) {
  Allowance allowance;
  for (int i = 0; i < 19; ++i) allowance.charge(none, at(0), terms);
  EXPECT_EQ(allowance.pause(at(0), terms), none);
  allowance.charge(none, at(0), terms);
  EXPECT_EQ(allowance.pause(at(0), terms), milliseconds(10));
}

TEST(Allowance, NothingIsSavedUp) {
  Allowance allowance;
  for (const int ms : {0, 5000, 10'000}) {
    allowance.charge(milliseconds(5), at(ms), terms);
    EXPECT_EQ(allowance.pause(at(ms), terms), milliseconds(10));
  }
}

TEST(Allowance, WhoIsNeverOutOfDebtIsHopeless) {
  Allowance never, once;
  never.charge(milliseconds(5), at(0), terms);
  once.charge(milliseconds(5), at(0), terms);
  for (int ms = 0; ms <= 70'000; ms += 10) { // in which 10 are paid back
    EXPECT_EQ(never.hopeless(at(ms), terms), ms > 60'000) << ms;
    EXPECT_FALSE(once.hopeless(at(ms), terms)) << ms;
    never.charge(std::chrono::microseconds(2500), at(ms), terms);
    if (ms < 40'000 || ms > 40'100) once.charge(std::chrono::microseconds(2500), at(ms), terms);
  }
}

} // namespace
} // namespace p2pd::net
