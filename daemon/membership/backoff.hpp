// How long to wait before dialling again: exponential back-off with jitter (between half and all of
// the interval), capped. So thousands of peers do not reconnect to a restarted tracker at the same
// moment. A value; pure except for its randomness.
#pragma once

#include "daemon/io/loop.hpp"

#include <algorithm>
#include <random>

namespace p2pd::membership {

class Backoff final {
 public:
  static constexpr io::milliseconds first{250};
  static constexpr io::milliseconds longest{30'000};

  explicit Backoff(std::minstd_rand::result_type seed = std::random_device{}()) : chance_(seed) {}

  void reset() { delay_ = first; }
  io::milliseconds next() {
    const io::milliseconds half = delay_ / 2;
    delay_ = std::min(delay_ * 2, longest);
    return half + io::milliseconds(std::uniform_int_distribution<long>(0, half.count())(chance_));
  }

 private:
  io::milliseconds delay_ = first;
  std::minstd_rand chance_;
};

} // namespace p2pd::membership
