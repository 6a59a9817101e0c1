#include "daemon/io/pool.hpp"

#include "daemon/io/job.hpp"
#include "tests/unit/io_fixture.hpp"
#include "tests/unit/memory_limit.hpp"

#include <set>
#include <thread>

namespace p2pd::io {
namespace {

TEST(Pool, HasAsManyThreadsAsItIsTold) {
  Loop loop;
  EXPECT_FALSE(loop.pool().start(2));
  EXPECT_EQ(loop.pool().threads(), 2U);
  std::set<std::thread::id> threads;
  std::vector<Job> jobs;
  for (int i = 0; i < 100; ++i)
    jobs.push_back(run(
        loop, [] { return std::this_thread::get_id(); },
        [&](std::thread::id thread) { threads.insert(thread); }));
  loop.run();
  EXPECT_LE(threads.size(), 2U);
  EXPECT_FALSE(threads.contains(std::this_thread::get_id()));
}

TEST(Pool, RunsWithFewerWhereTheSystemAllowsNoMore) {
  if (!memory_can_be_limited) GTEST_SKIP();
  Loop loop;
  MemoryLimit limit(5 << 20); // besides the stacks that libc has kept of threads before
  EXPECT_EQ(loop.pool().start(100), std::errc::not_enough_memory);
  limit.lift();
  EXPECT_GE(loop.pool().threads(), 1U);
  EXPECT_LT(loop.pool().threads(), 100U);
  int result = 0;
  const Job job = run(
      loop, [] { return 7; }, [&](int value) { result = value; });
  loop.run();
  EXPECT_EQ(result, 7);
}

} // namespace
} // namespace p2pd::io
