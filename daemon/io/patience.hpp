// One answer, but not for ever: `done` is called once, with what comes first, the answer or, when
// the time is over, `late`. Kept alive by those who may answer; dropped with them, and then not
// called at all. Loop thread only.
#pragma once

#include "daemon/io/timer.hpp"

#include <functional>
#include <utility>

namespace p2pd::io {

template <class T>
class Patience final {
 public:
  using Done = std::function<void(T)>;

  Patience(Loop& loop, milliseconds bound, T late, Done done)
      : late_(std::move(late))
      , done_(std::move(done))
      , deadline_(loop, bind<&Patience::on_deadline>(this)) {
    deadline_.once(bound);
  }
  Patience(const Patience&) = delete;
  Patience& operator=(const Patience&) = delete;

  void answer(T value) {
    deadline_.stop();
    if (const Done done = std::exchange(done_, nullptr)) done(std::move(value));
  }

 private:
  void on_deadline() { answer(std::move(late_)); }

  T late_;
  Done done_;
  Timer deadline_;
};

} // namespace p2pd::io
