// How much to ask one source for ahead of time: enough to keep the path full, that is the
// bandwidth-delay product as measured, and no more, since what waits at a slow source waits for
// nothing. Pure policy: the time is passed in.
//
// The delay is that of the network alone, as pings tell it: a source that is slow to answer is not
// asked for more because of that, since others may be faster.
#pragma once

#include "daemon/swarm/time.hpp"

#include <cstdint>

namespace p2pd::swarm {

class Pipeline final {
 public:
  explicit Pipeline(std::uint32_t chunk_size) : chunk_size_(chunk_size) {}

  void asked(Time now);                         // a request left
  void measured(Duration rtt);                  // by a ping; the least that was seen counts
  void received(std::uint64_t bytes, Time now); // payload
  void ended(Time now);                         // whole, cancelled or refused

  // `held` have come and are not dealt with yet: who is slow at that asks for less.
  bool room(std::size_t held = 0) const { return in_flight_ + held < window(); }
  std::uint32_t in_flight() const { return in_flight_; } // requests
  std::uint32_t window() const;                          // requests that should be in flight
  double rate() const { return rate_; }                  // bytes per second

  // It was asked and has sent nothing for longer than it should take.
  bool stalled(Time now) const;
  // How long until `bytes` more have come from it, with all that it was asked for before.
  Duration expected(std::uint64_t bytes, Time now) const;

 private:
  void end_sample(Time now);
  Duration time_of(std::uint64_t bytes) const;

  std::uint32_t chunk_size_;
  std::uint32_t in_flight_ = 0;
  Duration delay_{};    // the least that was seen
  double rate_ = 0;     // smoothed
  Time sample_start_{}; // of the sample being taken
  std::uint64_t sample_bytes_ = 0;
  Time last_progress_{};
};

} // namespace p2pd::swarm
