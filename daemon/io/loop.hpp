// The one event loop of the process. Everything but the bodies of pool jobs runs on its thread, and
// every handle, timer and job must be gone before it is destroyed.
//
// It measures its own lag: of each turn the time that it did not wait for the kernel, since so long
// a callback that became due could have to wait for the others.
#pragma once

#include "daemon/io/bound.hpp"
#include "daemon/io/handle.hpp"
#include "daemon/io/histogram.hpp"

#include <chrono>
#include <set>
#include <vector>

namespace p2pd::io {

using Clock = std::chrono::steady_clock;
using Time = Clock::time_point;
using std::chrono::milliseconds;

class Deferred;
class Names;

struct JobFigures {
  std::size_t unfinished = 0; // jobs that wait or run
  Histogram wait;             // how long each was queued before a thread took it
};

class Loop final {
 public:
  Loop();
  ~Loop(); // asserts that nothing is left
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  // Runs until stop(), or until nothing is left that could still happen.
  void run();
  void stop() { uv_stop(&loop_); }

  const Histogram& lag() const { return lag_; }
  const JobFigures& jobs() const { return jobs_; }
  JobFigures& jobs() { return jobs_; } // for jobs
  Names& names();                      // for resolvers

  uv_loop_t* handle() { return &loop_; }
  std::set<int>& programs() { return programs_; } // process ids, for those who start and reap them

 private:
  friend class Deferred;
  void run_deferred();
  void end_turn();

  uv_loop_t loop_;
  Owned<uv_prepare_t> before_wait_;
  Owned<uv_check_t> after_wait_;
  std::vector<Deferred*> deferred_;
  std::uint64_t turn_begin_ = 0;  // ns of the monotonic clock
  std::uint64_t idle_before_ = 0; // ns that it had waited for the kernel by then
  Histogram lag_;
  JobFigures jobs_;
  std::set<int> programs_;
  std::unique_ptr<Names> names_; // once a name was asked for
};

// One call, made once after the callbacks of this turn of the loop: it joins many small writes into
// one, and frees objects when none of their callbacks is running any more.
class Deferred final {
 public:
  Deferred(Loop& loop, Bound<void()> call) : loop_(loop), call_(call) {}
  ~Deferred();
  Deferred(const Deferred&) = delete;
  Deferred& operator=(const Deferred&) = delete;

  void schedule(); // any number of times before it runs counts once

 private:
  friend class Loop;
  Loop& loop_;
  Bound<void()> call_;
  bool scheduled_ = false;
};

} // namespace p2pd::io
