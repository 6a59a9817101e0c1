// Time debt for work that somebody caused here; paid back as time passes (a leaky bucket). Pure:
// the time is passed in. A value; any thread.
#pragma once

#include "daemon/io/loop.hpp"

#include <algorithm>

namespace p2pd::net {

class Debt final {
 public:
  using Duration = io::Clock::duration;

  bool over(Duration most, io::Time now) const { return paid_ - now >= most; }
  bool none(io::Time now) const { return paid_ <= now; }
  void charge(Duration what, io::Time now) { paid_ = std::max(paid_, now) + what; }
  void refund(Duration what) { paid_ -= what; }

 private:
  io::Time paid_{};
};

} // namespace p2pd::net
