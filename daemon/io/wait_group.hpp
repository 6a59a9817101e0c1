// Several answers with a common time limit: `done` is called once, when the last expected answer
// has come or the time is over. Kept alive by those who may answer; if all of them drop it, `done`
// is never called. Loop thread only.
#pragma once

#include "daemon/io/timer.hpp"

#include <functional>
#include <utility>

namespace p2pd::io {

class WaitGroup final {
 public:
  using Done = std::function<void()>;

  WaitGroup(Loop& loop, milliseconds bound, Done done)
      : done_(std::move(done)), deadline_(loop, bind<&WaitGroup::finish>(this)) {
    deadline_.once(bound);
  }
  WaitGroup(const WaitGroup&) = delete;
  WaitGroup& operator=(const WaitGroup&) = delete;

  void expect() { ++open_; } // one more answer
  void answered() {
    if (--open_ == 0) finish();
  }
  void finish() { // even if answers are missing
    deadline_.stop();
    if (const Done done = std::exchange(done_, nullptr)) done();
  }
  void wait_again(milliseconds bound) { // restarts the time limit; only before `done`
    deadline_.once(bound);
  }
  bool over() const { return done_ == nullptr; }

 private:
  Done done_;
  std::size_t open_ = 0;
  Timer deadline_;
};

} // namespace p2pd::io
