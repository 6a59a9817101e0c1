#include "daemon/io/job.hpp"

#include "tests/unit/io_fixture.hpp"

#include <atomic>
#include <future>
#include <thread>

namespace p2pd::io {
namespace {

// Tells on which thread it died.
std::shared_ptr<int> witness(std::thread::id& died) {
  return {new int(7), [&died](int* value) {
            died = std::this_thread::get_id();
            delete value;
          }};
}

// A job that has begun and stays on its thread until it is let go.
struct Held {
  std::promise<void> begun, go;
  auto work() {
    return [this] {
      begun.set_value();
      go.get_future().wait();
      return 1;
    };
  }
  void wait_until_it_runs() { begun.get_future().wait(); }
};

// Keeps every thread of libuv's pool busy, so that what is queued next does not begin.
class BusyPool {
 public:
  explicit BusyPool(Loop& loop) {
    const char* const set = std::getenv("UV_THREADPOOL_SIZE");
    held_ = std::vector<Held>(set != nullptr ? static_cast<std::size_t>(std::atoi(set)) : 4);
    for (Held& held : held_) {
      jobs_.push_back(run(loop, held.work(), [](int) {}));
      held.wait_until_it_runs();
    }
  }
  void release() {
    for (Held& held : held_) held.go.set_value();
  }

 private:
  std::vector<Held> held_;
  std::vector<Job> jobs_;
};

TEST(Job, WorksOnThePoolAndIsDoneOnTheLoop) {
  Loop loop;
  std::thread::id worked, done;
  std::unique_ptr<int> result; // moved all the way, never copied
  Job job = run(
      loop,
      [&] {
        worked = std::this_thread::get_id();
        return std::make_unique<int>(42);
      },
      [&](std::unique_ptr<int> value) {
        EXPECT_FALSE(job.running()); // it may begin the next one here
        done = std::this_thread::get_id();
        result = std::move(value);
      });
  EXPECT_TRUE(job.running());
  loop.run();
  ASSERT_NE(result, nullptr);
  EXPECT_EQ(*result, 42);
  EXPECT_NE(worked, std::this_thread::get_id());
  EXPECT_EQ(done, std::this_thread::get_id());
  EXPECT_FALSE(job.running());
}

TEST(Job, IsCountedUntilItIsOverAndItsWaitIsMeasured) {
  Loop loop;
  BusyPool busy(loop);
  const std::size_t others = loop.jobs().unfinished;
  const Job waits = run(
      loop, [] { return 0; }, [](int) {});
  {
    const Job dropped = run(
        loop, [] { return 0; }, [](int) {});
    EXPECT_EQ(loop.jobs().unfinished, others + 2);
  }
  std::this_thread::sleep_for(std::chrono::milliseconds(20)); // what is to be measured
  busy.release();
  loop.run();
  EXPECT_EQ(loop.jobs().unfinished, 0U);
  EXPECT_EQ(loop.jobs().wait.count(), others + 1) << "but for the one that never began";
  EXPECT_GE(loop.jobs().wait.max(), std::chrono::milliseconds(20));
}

TEST(Job, DroppedWhileItRunsLosesItsResultOnTheLoop) {
  Loop loop;
  Held held;
  std::thread::id died;
  auto work = held.work();
  {
    const Job job = run(
        loop,
        [&, work] {
          work();
          return witness(died);
        },
        [](const std::shared_ptr<int>&) { ADD_FAILURE() << "nobody waits for it"; });
    held.wait_until_it_runs();
  }
  EXPECT_EQ(died, std::thread::id());
  held.go.set_value();
  loop.run();
  EXPECT_EQ(died, std::this_thread::get_id());
}

TEST(Job, DroppedBeforeItBeginsNeverWorks) {
  Loop loop;
  BusyPool pool(loop);
  std::atomic<bool> worked = false;
  std::thread::id died;
  {
    const Job job = run(
        loop,
        [&worked, held = witness(died)] {
          worked = true;
          return *held;
        },
        [](int) { ADD_FAILURE(); });
  }
  pool.release();
  loop.run();
  EXPECT_FALSE(worked);
  EXPECT_EQ(died, std::this_thread::get_id());
}

TEST(Job, DroppedAfterItWorkedButBeforeItIsDoneIsNotDone) {
  Loop loop;
  std::promise<void> worked;
  Job job = run(
      loop,
      [&] {
        worked.set_value();
        return 1;
      },
      [](int) { ADD_FAILURE(); });
  worked.get_future().wait();
  job.drop();
  job.drop();
  EXPECT_FALSE(job.running());
  loop.run();
}

TEST(Job, GoesWhereItsTokenIsMoved) {
  Loop loop;
  int result = 0;
  Job first = run(
      loop, [] { return 5; }, [&](int value) { result = value; });
  Job second = std::move(first);
  EXPECT_FALSE(first.running()); // NOLINT(bugprone-use-after-move): it is an empty token again
  EXPECT_TRUE(second.running());
  std::vector<Job> many;
  many.push_back(std::move(second));
  for (int i = 0; i < 100; ++i) many.emplace_back(); // moves them as it grows
  loop.run();
  EXPECT_EQ(result, 5);
  EXPECT_FALSE(many.front().running());
}

TEST(Job, ReplacedByAnotherIsDropped) {
  Loop loop;
  std::string results;
  Job job = run(
      loop, [] { return 'a'; }, [&](char value) { results += value; });
  job = run(
      loop, [] { return 'b'; }, [&](char value) { results += value; });
  Job& same = job;
  job = std::move(same);
  loop.run();
  EXPECT_EQ(results, "b");
}

TEST(Job, MayBeFollowedByTheNextFromItsEnd) {
  Loop loop;
  struct Chain {
    Loop& loop;
    Job job{};
    int count = 0;
    void next() {
      job = run(
          loop, [] { return 1; },
          [this](int value) {
            count += value;
            if (count < 20) next();
          });
    }
  } chain{loop};
  chain.next();
  loop.run();
  EXPECT_EQ(chain.count, 20);
}

TEST(Job, MayDestroyItsOwnerWhenItIsDone) {
  Loop loop;
  struct Owner {
    Job job;
    std::string text = "a text that is too long to be kept in place";
  };
  auto owner = std::make_unique<Owner>();
  std::string seen;
  owner->job = run(
      loop, [] { return std::string("and its result is a long text of its own, too"); },
      [&seen, &owner, self = owner.get()](const std::string& result) {
        seen = self->text;
        owner.reset();
        seen = result;
      });
  loop.run();
  EXPECT_EQ(owner, nullptr);
  EXPECT_TRUE(seen.starts_with("and its result")) << seen;
}

TEST(Job, IsWaitedForByTheLoopThatEnds) {
  Held held;
  std::thread::id died;
  std::thread release;
  {
    Loop loop;
    auto work = held.work();
    {
      const Job dropped = run(
          loop,
          [&, work] {
            work();
            return witness(died);
          },
          [](const std::shared_ptr<int>&) { ADD_FAILURE(); });
      held.wait_until_it_runs();
    }
    release = std::thread([&] { held.go.set_value(); });
  }
  release.join();
  EXPECT_EQ(died, std::this_thread::get_id());
}

TEST(Job, RunsManyAtOnceAndEachOnce) {
  Loop loop;
  std::atomic<int> worked = 0;
  int done = 0;
  std::vector<Job> jobs;
  for (int i = 0; i < 1000; ++i)
    jobs.push_back(run(
        loop, [&] { return ++worked; }, [&](int) { ++done; }));
  for (std::size_t i = 0; i < jobs.size(); i += 2) jobs[i].drop();
  loop.run();
  EXPECT_EQ(done, 500);
  EXPECT_GE(worked, 500);
}

} // namespace
} // namespace p2pd::io
