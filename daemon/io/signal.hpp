// A Unix signal that calls one method on the loop. Member of the object it calls; does not keep the
// loop alive by itself.
#pragma once

#include "daemon/io/loop.hpp"

namespace p2pd::io {

class Signal final {
 public:
  Signal(Loop& loop, int number, Bound<void()> call);
  Signal(const Signal&) = delete;
  Signal& operator=(const Signal&) = delete;

 private:
  Owned<uv_signal_t> handle_;
  Bound<void()> call_;
};

} // namespace p2pd::io
