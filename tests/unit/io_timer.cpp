#include "daemon/io/signal.hpp"
#include "tests/unit/io_fixture.hpp"

#include <csignal>

namespace p2pd::io {
namespace {

TEST(Timer, FiresOnceAndNotTooEarly) {
  Loop loop;
  int fired = 0;
  Calling call([&] { ++fired; });
  Timer timer(loop, call);
  EXPECT_FALSE(timer.active());
  const Time start = Clock::now();
  timer.once(milliseconds(15));
  EXPECT_TRUE(timer.active());
  loop.run();
  EXPECT_GE(Clock::now() - start, milliseconds(14)); // the loop counts whole milliseconds
  EXPECT_EQ(fired, 1);
  EXPECT_FALSE(timer.active());
}

TEST(Timer, CountsFromNowAndNotFromTheLastTurnOfTheLoop) {
  Loop loop;
  Time set{}, fired{};
  Calling second([&] { fired = Clock::now(); });
  Timer later(loop, second);
  Calling first([&] {
    const Time busy = Clock::now() + milliseconds(30);
    while (Clock::now() < busy) continue;
    set = Clock::now();
    later.once(milliseconds(20));
  });
  Timer now(loop, first);
  now.once(milliseconds(0));
  loop.run();
  EXPECT_GE(fired - set, milliseconds(19));
}

TEST(Timer, IsReplacedAndStopped) {
  Loop loop;
  int fired = 0;
  Calling call([&] { ++fired; });
  Timer timer(loop, call);
  timer.once(std::chrono::hours(1));
  timer.once(milliseconds(1));
  loop.run();
  EXPECT_EQ(fired, 1);
  timer.every(milliseconds(1));
  timer.stop();
  EXPECT_FALSE(timer.active());
  loop.run();
  EXPECT_EQ(fired, 1);
  timer.once(milliseconds(-5)); // what is overdue is due now
  loop.run();
  EXPECT_EQ(fired, 2);
}

TEST(Timer, RepeatsUntilItIsStoppedFromItself) {
  Loop loop;
  int fired = 0;
  Timer* self = nullptr;
  Calling call([&] {
    if (++fired == 3) self->stop();
  });
  Timer timer(loop, call);
  self = &timer;
  timer.every(milliseconds(1));
  loop.run();
  EXPECT_EQ(fired, 3);
}

TEST(Timer, MayDestroyItselfAndOthersThatAreDue) {
  Loop loop;
  std::unique_ptr<Timer> first, second;
  int fired = 0;
  Calling call([&] {
    ++fired;
    first.reset();
    second.reset();
  });
  first = std::make_unique<Timer>(loop, call);
  second = std::make_unique<Timer>(loop, call);
  first->every(milliseconds(1));
  second->every(milliseconds(1));
  loop.run();
  EXPECT_EQ(fired, 1);
}

TEST(Signal, CallsOnTheLoopAndDoesNotKeepItAlive) {
  Loop loop;
  int caught = 0;
  Calling call([&] { ++caught; });
  Signal signal(loop, SIGUSR1, call);
  loop.run(); // returns at once
  EXPECT_EQ(caught, 0);
  ASSERT_EQ(raise(SIGUSR1), 0);
  EXPECT_TRUE(run_until(loop, [&] { return caught == 1; }));
}

TEST(Error, IsThatOfTheSystemWhereThereIsOne) {
  EXPECT_FALSE(error(0));
  EXPECT_FALSE(error(7)); // a count of bytes
  EXPECT_EQ(error(UV_ECONNREFUSED), std::errc::connection_refused);
  EXPECT_EQ(error(UV_ECONNREFUSED).message(), "Connection refused");
  EXPECT_TRUE(is_end_of_stream(error(UV_EOF)));
  EXPECT_FALSE(is_end_of_stream(error(UV_ECONNRESET)));
  EXPECT_FALSE(is_end_of_stream({}));
  EXPECT_NO_THROW(require(0, "x"));
  try {
    require(UV_EADDRINUSE, "bind");
    ADD_FAILURE();
  } catch (const std::system_error& thrown) {
    EXPECT_EQ(thrown.code(), std::errc::address_in_use);
    EXPECT_TRUE(std::string_view(thrown.what()).starts_with("bind")) << thrown.what();
  }
}

} // namespace
} // namespace p2pd::io
