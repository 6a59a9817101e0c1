#include "daemon/swarm/pace.hpp"

#include <gtest/gtest.h>

namespace p2pd::swarm {
namespace {

using namespace std::chrono_literals;

class PaceTest : public ::testing::Test {
 protected:
  // For so long it takes so many bytes a second of what is there for it.
  void take(std::uint64_t rate, std::chrono::seconds time) {
    for (auto i = 0s; i < time; ++i) {
      now_ += 1s;
      taken_ += rate;
      meter_.look(now_, taken_, true);
    }
  }
  void rest(std::chrono::seconds time) { meter_.look(now_ += time, taken_, false); }

  PaceMeter meter_;
  Time now_ = Time() + 1000h;
  std::uint64_t taken_ = 0;
};

TEST_F(PaceTest, IsKnownByWhatIsTaken) {
  EXPECT_EQ(meter_.pace(), Pace::usual);
  take(50'000, 1s);
  EXPECT_EQ(meter_.pace(), Pace::usual) << "too early";
  take(50'000, 1s);
  EXPECT_EQ(meter_.pace(), Pace::slow) << "from the first";
  take(50'000, 3s);
  EXPECT_EQ(meter_.pace(), Pace::slow);
  take(1'000'000, 3s);
  EXPECT_EQ(meter_.pace(), Pace::usual);
  take(1, 3s);
  EXPECT_EQ(meter_.pace(), Pace::stuck) << "a byte a second is a trick";
}

TEST_F(PaceTest, IsProvedByWhatIsTaken) {
  rest(1s);
  EXPECT_FALSE(meter_.proven());
  taken_ = 50'000;
  rest(1s);
  EXPECT_FALSE(meter_.proven()) << "that much the kernel's buffer takes";
  taken_ = 100'000;
  rest(1s);
  EXPECT_TRUE(meter_.proven());
}

TEST_F(PaceTest, SlownessProvesNothing) {
  take(50'000, 5s);
  EXPECT_FALSE(meter_.proven());
  take(1'000'000, 3s);
  EXPECT_TRUE(meter_.proven());
}

TEST_F(PaceTest, WhoHasNothingToTakeIsNotJudged) {
  for (int i = 0; i < 10; ++i) rest(1s);
  EXPECT_EQ(meter_.pace(), Pace::usual);
  EXPECT_EQ(meter_.idle(now_), Duration::zero());
}

TEST_F(PaceTest, APauseForgetsInTime) {
  take(0, 4s);
  EXPECT_EQ(meter_.pace(), Pace::stuck);
  rest(1s);
  EXPECT_EQ(meter_.pace(), Pace::stuck) << "it has asked for nothing new";
  rest(60s);
  EXPECT_EQ(meter_.pace(), Pace::usual);
}

TEST_F(PaceTest, KnowsForHowLongNothingWasTaken) {
  take(0, 11s);
  EXPECT_EQ(meter_.idle(now_), 10s) << "since the first look";
  take(1, 1s);
  EXPECT_EQ(meter_.idle(now_), Duration::zero());
}

} // namespace
} // namespace p2pd::swarm
