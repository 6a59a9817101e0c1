#include "daemon/io/pool.hpp"

#include "tests/unit/memory_limit.hpp"

#include <gtest/gtest.h>

namespace p2pd::io {
namespace {

TEST(Pool, MayHaveAsManyThreadsAsAreWanted) {
  const PoolSize size = try_threads(5);
  EXPECT_EQ(size.threads, 5U);
  EXPECT_FALSE(size.shortage);
}

TEST(Pool, HasFewerWhereTheSystemAllowsNoMore) {
  if (!memory_can_be_limited) GTEST_SKIP();
  MemoryLimit limit(20 << 20); // besides the stacks that libc has kept of threads before
  const PoolSize size = try_threads(100);
  limit.lift();
  EXPECT_EQ(size.shortage, std::errc::not_enough_memory);
  EXPECT_GE(size.threads, 1U);
  EXPECT_LT(size.threads, 100U);
}

} // namespace
} // namespace p2pd::io
