// How fast bytes may flow: a bucket that fills at the rate and from which whole pieces are taken.
// Pure policy: the time is passed in, and never goes back. Units: bytes, bytes per second.
//
// A piece is taken as long as anything is there, and may leave the bucket in debt: so no piece is
// split, and one that is larger than the bucket passes too. What was not used is kept for 100 ms at
// most, which covers the steps of timers and allows no burst after a pause.
#pragma once

#include "daemon/swarm/time.hpp"

#include <cstdint>

namespace p2pd::swarm {

class Bucket final {
 public:
  // A rate of 0 is none. The bucket holds `least` where 100 ms of the rate are less, so that a slow
  // flow can be made of pieces of that size without a gap.
  Bucket(std::uint64_t rate, std::uint64_t least)
      : rate_(static_cast<double>(rate)), least_(static_cast<double>(least)), level_(capacity()) {}

  void set_rate(std::uint64_t rate) { rate_ = static_cast<double>(rate); }

  bool take(std::uint64_t bytes, Time now);
  void put_back(std::uint64_t bytes) { level_ += static_cast<double>(bytes); } // unused
  Duration wait(Time now) const; // until something may be taken; 0: now

 private:
  double capacity() const;
  double level(Time now) const;

  double rate_;
  double least_;
  double level_;  // below zero: debt
  Time filled_{}; // when that was the level
};

} // namespace p2pd::swarm
