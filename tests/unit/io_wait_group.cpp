#include "daemon/io/wait_group.hpp"

#include <gtest/gtest.h>
#include <memory>

namespace p2pd::io {
namespace {

constexpr milliseconds soon{20}, never{600'000};

TEST(WaitGroup, EndsWithTheLastAnswer) {
  Loop loop;
  int done = 0;
  WaitGroup group(loop, never, [&] { ++done; });
  group.expect();
  group.expect();
  group.answered();
  EXPECT_FALSE(group.over());
  EXPECT_EQ(done, 0);
  group.answered();
  EXPECT_TRUE(group.over());
  loop.run(); // ends, since no time runs any more
  EXPECT_EQ(done, 1);
}

TEST(WaitGroup, EndsWhenTheTimeIsOver) {
  Loop loop;
  int done = 0;
  WaitGroup group(loop, soon, [&] { ++done; });
  group.expect();
  loop.run();
  EXPECT_EQ(done, 1);
  group.answered(); // too late
  EXPECT_EQ(done, 1);
}

TEST(WaitGroup, WaitsAgainFromNowOn) {
  Loop loop;
  const Time start = Clock::now();
  Time end = start;
  WaitGroup group(loop, never, [&] { end = Clock::now(); });
  group.expect();
  group.wait_again(soon);
  loop.run();
  EXPECT_GE(end - start, soon - milliseconds(2));
}

TEST(WaitGroup, EndsAtOnceWhereItIsTold) {
  Loop loop;
  int done = 0;
  WaitGroup group(loop, never, [&] { ++done; });
  group.expect();
  group.finish();
  group.finish();
  EXPECT_EQ(done, 1);
}

// It may be dropped by what it calls, and is silent where nobody can answer any more.
TEST(WaitGroup, IsKeptByThoseWhoMayAnswer) {
  Loop loop;
  int done = 0;
  std::function<void()> answer;
  {
    const auto group = std::make_shared<WaitGroup>(loop, never, [&] {
      ++done;
      answer = nullptr;
    });
    group->expect();
    answer = [group] { group->answered(); };
  }
  const auto last = answer;
  last();
  EXPECT_EQ(done, 1);
  std::make_shared<WaitGroup>(loop, soon, [&] { ++done; })->expect();
  loop.run();
  EXPECT_EQ(done, 1);
}

} // namespace
} // namespace p2pd::io
