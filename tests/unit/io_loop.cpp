#include "daemon/io/signal.hpp"

#include "tests/unit/io_fixture.hpp"

#include <csignal>

namespace p2pd::io {
namespace {

TEST(Loop, ReturnsWhenNothingIsLeft) {
  Loop loop;
  loop.run();
  loop.run();
}

TEST(Loop, StopsWhileThingsAreStillToHappen) {
  Loop loop;
  int fired = 0;
  Calling late([&] { fired += 100; });
  Timer never(loop, late);
  never.once(std::chrono::hours(1));
  Calling soon([&] {
    ++fired;
    loop.stop();
  });
  Timer now(loop, soon);
  now.once(milliseconds(0));
  loop.run();
  EXPECT_EQ(fired, 1);
  EXPECT_TRUE(never.active());
}

TEST(Deferred, RunsOnceHoweverOftenItWasScheduled) {
  Loop loop;
  int calls = 0;
  Calling call([&] { ++calls; });
  Deferred deferred(loop, call);
  deferred.schedule();
  deferred.schedule();
  EXPECT_EQ(calls, 0);
  loop.run();
  EXPECT_EQ(calls, 1);
  loop.run();
  EXPECT_EQ(calls, 1);
  deferred.schedule();
  loop.run();
  EXPECT_EQ(calls, 2);
}

TEST(Deferred, KeepsTheOrderAndTakesWhatIsScheduledMeanwhile) {
  Loop loop;
  std::string order;
  Calling c([&] { order += 'c'; });
  Deferred third(loop, c);
  int rounds = 3;
  Deferred* again = nullptr;
  Calling a([&] {
    order += 'a';
    third.schedule();
    if (--rounds > 0) again->schedule();
  });
  Deferred first(loop, a);
  again = &first;
  Calling b([&] { order += 'b'; });
  Deferred second(loop, b);
  first.schedule();
  second.schedule();
  loop.run();
  EXPECT_EQ(order, "abcacac");
}

TEST(Deferred, IsForgottenWhenItIsDestroyed) {
  Loop loop;
  std::string order;
  Calling b([&] { order += 'b'; });
  auto victim = std::make_unique<Deferred>(loop, b);
  Calling c([&] { order += 'c'; });
  Deferred last(loop, c);
  Calling a([&] {
    order += 'a';
    victim.reset();
  });
  Deferred first(loop, a);
  first.schedule();
  victim->schedule();
  last.schedule();
  loop.run();
  EXPECT_EQ(order, "ac");
}

TEST(Deferred, MayDestroyItself) {
  Loop loop;
  std::unique_ptr<Deferred> self;
  int calls = 0;
  Calling call([&] {
    ++calls;
    self->schedule();
    self.reset();
  });
  self = std::make_unique<Deferred>(loop, call);
  self->schedule();
  loop.run();
  EXPECT_EQ(calls, 1);
}

// Whoever dies after the loop has ended, a session that still had something to send, say.
TEST(Deferred, MayDieScheduledWhenTheLoopNeverRunsAgain) {
  Loop loop;
  loop.run();
  Calling call([] { ADD_FAILURE(); });
  Deferred deferred(loop, call);
  deferred.schedule();
}

TEST(Deferred, RunsAfterATimerBeforeTheLoopWaitsOrEnds) {
  Loop loop;
  std::string order;
  Calling a([&] { order += 'd'; });
  Deferred deferred(loop, a);
  Calling b([&] {
    order += 't';
    deferred.schedule();
  });
  Timer first(loop, b), second(loop, b);
  first.once(milliseconds(0));
  second.once(milliseconds(0));
  loop.run();
  EXPECT_EQ(order, "ttd");

  order.clear();
  Timer alone(loop, b);
  alone.once(milliseconds(0));
  Calling wait([&] { order += '.'; });
  Timer later(loop, wait);
  later.once(milliseconds(20));
  loop.run();
  EXPECT_EQ(order, "td.");
}

TEST(Deferred, RunsAfterTheCallbacksOfSocketsOfTheSameTurn) {
  Loop loop;
  struct Server {
    void on_stream(std::unique_ptr<Stream> stream) { accepted = std::move(stream); }
    std::unique_ptr<Stream> accepted;
  } server;
  Listener listener(loop, loopback(), bind<&Server::on_stream>(&server));
  Stream client(loop, Stream::Family::tcp);
  Ear ear, far;
  client.listen_to(ear);
  client.connect(listener.local());
  ASSERT_TRUE(run_until(loop, [&] { return server.accepted && !ear.connected.empty(); }));
  server.accepted->listen_to(far);
  server.accepted->start_reading();

  std::string order;
  Calling retire([&] {
    order += 'd';
    server.accepted.reset(); // no callback of it runs any more
    loop.stop();
  });
  Deferred deferred(loop, retire);
  far.when_read = [&] {
    order += 'r';
    deferred.schedule();
  };
  client.write(bytes_of("x"));
  loop.run();
  EXPECT_EQ(order, "rd");
  EXPECT_EQ(server.accepted, nullptr);
}

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
