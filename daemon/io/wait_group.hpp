// Several answers, but not for ever: `done` is called once, when the last of those that are
// expected has come or the time is over. Kept alive by those who may answer; dropped with them, and
// then not called at all. Loop thread only.
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

  void expect() { ++open_; } // one answer more
  void answered() {
    if (--open_ == 0) finish();
  }
  void finish() { // whatever is still to come
    deadline_.stop();
    if (const Done done = std::exchange(done_, nullptr)) done();
  }
  void wait_again(milliseconds bound) { // from now on; before it is over
    deadline_.once(bound);
  }
  bool over() const { return done_ == nullptr; }

 private:
  Done done_;
  std::size_t open_ = 0;
  Timer deadline_;
};

} // namespace p2pd::io
