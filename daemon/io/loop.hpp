// The process's only event loop. Everything except the bodies of pool jobs runs on its thread, and
// every handle, timer and job must be gone before it is destroyed.
//
// It measures its own lag: the busy time of each iteration, because a callback that becomes due may
// have to wait that long for the others.
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
  std::size_t unfinished = 0; // jobs queued or running
  Histogram wait;             // how long each was queued
};

class Loop final {
 public:
  Loop();
  ~Loop(); // asserts that no handle is left
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  // Runs until stop(), or until no event can occur any more.
  void run();
  void stop() { uv_stop(&loop_); }

  const Histogram& lag() const { return lag_; }
  const JobFigures& jobs() const { return jobs_; }
  JobFigures& jobs() { return jobs_; } // for jobs
  Names& names();                      // for resolvers

  uv_loop_t* handle() { return &loop_; }
  std::set<int>& programs() { return programs_; } // ids of child processes

 private:
  friend class Deferred;
  void run_deferred();
  void end_turn();

  uv_loop_t loop_;
  Owned<uv_prepare_t> before_wait_;
  Owned<uv_check_t> after_wait_;
  std::vector<Deferred*> deferred_;
  std::uint64_t turn_begin_ = 0;  // ns of the monotonic clock
  std::uint64_t idle_before_ = 0; // ns spent waiting for the kernel up to then
  Histogram lag_;
  JobFigures jobs_;
  std::set<int> programs_;
  std::unique_ptr<Names> names_; // created with the first look-up
};

// A call made once after the callbacks of this loop iteration. Used to combine many small writes
// into one, and to free objects when none of their callbacks is running.
class Deferred final {
 public:
  Deferred(Loop& loop, Bound<void()> call) : loop_(loop), call_(call) {}
  ~Deferred();
  Deferred(const Deferred&) = delete;
  Deferred& operator=(const Deferred&) = delete;

  void schedule(); // idempotent until it runs

 private:
  friend class Loop;
  Loop& loop_;
  Bound<void()> call_;
  bool scheduled_ = false;
};

} // namespace p2pd::io
