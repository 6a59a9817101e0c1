// An answer with a time limit: `done` is called once, with the answer, or with `late` when the time
// is over. Kept alive by those who may answer; if all of them drop it, `done` is never called. Loop
// thread only.
#pragma once

#include "daemon/io/wait_group.hpp"

namespace p2pd::io {

template <class T>
class Patience final {
 public:
  using Done = std::function<void(T)>;

  Patience(Loop& loop, milliseconds bound, T late, Done done)
      : answer_(std::move(late))
      , group_(loop, bound, [this, done = std::move(done)] { done(std::move(answer_)); }) {}
  Patience(const Patience&) = delete;
  Patience& operator=(const Patience&) = delete;

  void answer(T value) {
    if (group_.over()) return;
    answer_ = std::move(value);
    group_.finish();
  }

 private:
  T answer_; // `late`, until there is an answer
  WaitGroup group_;
};

} // namespace p2pd::io
