// The one event loop of the process. Everything but the bodies of pool jobs runs on its thread, and
// every handle, timer and job must be gone before it is destroyed.
#pragma once

#include "daemon/io/bound.hpp"
#include "daemon/io/handle.hpp"

#include <chrono>
#include <vector>

namespace p2pd::io {

using Clock = std::chrono::steady_clock;
using Time = Clock::time_point;
using std::chrono::milliseconds;

class Deferred;

class Loop final {
 public:
  Loop();
  ~Loop(); // asserts that nothing is left
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  // Runs until stop(), or until nothing is left that could still happen.
  void run();
  void stop() { uv_stop(&loop_); }

  uv_loop_t* handle() { return &loop_; }

 private:
  friend class Deferred;
  void run_deferred();

  uv_loop_t loop_;
  Owned<uv_prepare_t> before_wait_;
  Owned<uv_check_t> after_wait_;
  std::vector<Deferred*> deferred_;
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
