// Reaps processes that nothing here waits for: programs whose Process was dropped, and, if p2pd is
// PID 1 of a container or a subreaper, their orphans. Otherwise they would stay as zombies and use
// up the limit on processes. Loop thread only.
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
  Deferred reap_; // at the end of the iteration, when libuv has reaped its own
  Signal ended_;
};

} // namespace p2pd::io
