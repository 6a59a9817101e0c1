// What one link may cost this node's one thread, in time. Each message that comes is charged, and
// what was charged is paid back as time passes. Who owes too much is held up until half of it is
// paid back; who has owed something all the time for too long is let go.
//
// Charged is what a message took, and not what it is: to find a name among 100,000 costs a tracker
// a thousand times what an announcement does. Pure policy: the time is passed in, and never goes
// back. A value; any thread.
#pragma once

#include "daemon/io/loop.hpp"

#include <algorithm>

namespace p2pd::net {

class Allowance final {
 public:
  using Duration = io::Clock::duration;

  struct Terms {
    // A message at least: 100,000 a second, far beyond what 10 Gbit/s of payload take.
    Duration message = std::chrono::microseconds(10);
    // Or so many times as long as it kept the node busy. 4: no link has more than a quarter of it.
    int work = 0;
    Duration most = std::chrono::seconds(1); // to be owed
    Duration patience = std::chrono::seconds(60);
  };

  void charge(Duration took, io::Time now, const Terms& terms) {
    if (paid_ <= now) since_ = paid_ = now;
    paid_ += std::max(terms.message, terms.work * took);
  }

  // How long it is to be held up, if it is.
  Duration pause(io::Time now, const Terms& terms) const {
    return owed(now) < terms.most ? Duration::zero() : owed(now) - terms.most / 2;
  }
  bool hopeless(io::Time now, const Terms& terms) const {
    return owed(now) > Duration::zero() && now - since_ > terms.patience;
  }

 private:
  Duration owed(io::Time now) const { return std::max(paid_ - now, Duration::zero()); }

  io::Time paid_{};  // when nothing is owed any more
  io::Time since_{}; // when the first of that was charged
};

} // namespace p2pd::net
