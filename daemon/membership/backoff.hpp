// How long to wait before one dials again: from try to try twice as long, up to a bound, and by
// chance between half of that and all of it. So thousands of peers whose tracker comes back do not
// come all at once. Pure but for its chance; a value.
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
