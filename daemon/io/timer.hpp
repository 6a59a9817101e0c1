// A timer that calls one method, once or periodically. Member of the object it calls.
#pragma once

#include "daemon/io/loop.hpp"

namespace p2pd::io {

// Rounded up, so that a timer does not fire early.
inline milliseconds ceil_milliseconds(Clock::duration duration) {
  return std::chrono::ceil<milliseconds>(duration);
}

class Timer final {
 public:
  Timer(Loop& loop, Bound<void()> call);
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;

  void once(milliseconds delay); // replaces an earlier setting
  void every(milliseconds period);
  void stop();
  bool active() const;

 private:
  Owned<uv_timer_t> handle_;
  Bound<void()> call_;
};

} // namespace p2pd::io
