// Collects the ends of processes that nobody here waits for: programs that were let go, and, where
// p2pd is the first process of a container (PID 1) or a subreaper, what those leave behind. Without
// it they would stay as zombies and use up the limit on processes. Loop thread only.
#pragma once

#include "daemon/io/signal.hpp"

namespace p2pd::io {

class Reaper final {
 public:
  explicit Reaper(Loop& loop);
  Reaper(const Reaper&) = delete;
  Reaper& operator=(const Reaper&) = delete;

 private:
  void schedule() { reap_.schedule(); }
  void reap();

  Loop& loop_;
  Deferred reap_; // at the end of the turn: then libuv has collected its own
  Signal ended_;
};

} // namespace p2pd::io
