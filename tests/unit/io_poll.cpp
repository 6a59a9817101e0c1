#include "daemon/io/poll.hpp"

#include "tests/unit/io_fixture.hpp"

#include <array>
#include <unistd.h>

namespace p2pd::io {
namespace {

struct PollTest : testing::Test {
  PollTest() { EXPECT_EQ(::pipe(ends.data()), 0); }
  ~PollTest() override {
    for (const int end : ends) ::close(end);
  }
  void write() { EXPECT_EQ(::write(ends[1], "x", 1), 1); }
  void read() {
    char byte = 0;
    EXPECT_EQ(::read(ends[0], &byte, 1), 1);
  }

  std::array<int, 2> ends{};
  Loop loop;
};

TEST_F(PollTest, CallsAsLongAsThereIsSomethingToRead) {
  int calls = 0;
  Calling readable([&] {
    if (++calls > 2) read();
  });
  const Poll poll(loop, ends[0], readable);
  settle(loop);
  EXPECT_EQ(calls, 0);
  write();
  ASSERT_TRUE(run_until(loop, [&] { return calls == 3; }));
  settle(loop);
  EXPECT_EQ(calls, 3);
}

TEST_F(PollTest, MayBeDestroyedByWhatItCalls) {
  std::optional<Poll> poll;
  int calls = 0;
  Calling readable([&] {
    ++calls;
    poll.reset();
  });
  poll.emplace(loop, ends[0], readable);
  write();
  ASSERT_TRUE(run_until(loop, [&] { return !poll; }));
  settle(loop);
  EXPECT_EQ(calls, 1);
}

} // namespace
} // namespace p2pd::io
