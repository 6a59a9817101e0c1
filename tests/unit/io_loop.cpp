#include "tests/unit/io_fixture.hpp"

#include <thread>

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

TEST(Loop, SeesACallbackThatBlocks) {
  Loop loop;
  Calling block([] { std::this_thread::sleep_for(milliseconds(50)); });
  Timer timer(loop, block);
  timer.once(milliseconds(0));
  loop.run();
  EXPECT_GE(loop.lag().max(), milliseconds(50));
  EXPECT_LT(loop.lag().quantile(0), milliseconds(50)) << "the other turns had nothing to do";
}

TEST(Loop, DoesNotTakeAWaitForLag) {
  Loop loop;
  int rounds = 5;
  Calling count([&] {
    if (--rounds == 0) loop.stop();
  });
  Timer timer(loop, count);
  timer.every(milliseconds(100));
  loop.run();
  std::this_thread::sleep_for(milliseconds(100)); // between two runs nothing is due
  timer.once(milliseconds(100));
  loop.run();
  EXPECT_GE(loop.lag().count(), 6U);
  EXPECT_LT(loop.lag().quantile(0.5), milliseconds(90));
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

} // namespace
} // namespace p2pd::io
