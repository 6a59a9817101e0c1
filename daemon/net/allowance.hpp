// A rate limit on the loop thread's time that one link may use. Each message is charged, and debt
// is paid back as time passes. A link with too much debt is paused until half of it is paid back;
// one that has been in debt without a break for too long is closed.
//
// The charge is the time that a message took, not its type: finding a name among 100,000 costs a
// tracker a thousand times as much as an announcement. Pure policy: the time is passed in and never
// goes back. A value; any thread.
#pragma once

#include "daemon/io/loop.hpp"

#include <algorithm>

namespace p2pd::net {

class Allowance final {
 public:
  using Duration = io::Clock::duration;

  struct Terms {
    // The least charge of a message: 100,000 a second, far more than 10 Gbit/s of payload need.
    Duration message = std::chrono::microseconds(10);
    // Or this multiple of the time that it took. With 4 no link gets more than a quarter.
    int work = 0;
    Duration most = std::chrono::seconds(1); // of debt
    Duration patience = std::chrono::seconds(60);
  };

  void charge(Duration took, io::Time now, const Terms& terms) {
    if (paid_ <= now) since_ = paid_ = now;
    paid_ += std::max(terms.message, terms.work * took);
  }

  // How long to pause the link, if at all.
  Duration pause(io::Time now, const Terms& terms) const {
    return owed(now) < terms.most ? Duration::zero() : owed(now) - terms.most / 2;
  }
  bool hopeless(io::Time now, const Terms& terms) const {
    return owed(now) > Duration::zero() && now - since_ > terms.patience;
  }

 private:
  Duration owed(io::Time now) const { return std::max(paid_ - now, Duration::zero()); }

  io::Time paid_{};  // when the debt will be paid back
  io::Time since_{}; // since when there has been debt
};

} // namespace p2pd::net
