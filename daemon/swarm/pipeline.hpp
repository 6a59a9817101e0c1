// How much to ask one source for ahead of time: enough to keep the path full, that is the
// bandwidth-delay product as measured, and no more, since what waits at a slow source waits for
// nothing. Pure policy: the time is passed in.
//
// The delay is taken from request to first byte, so it holds the disk of the other side as well.
#pragma once

#include "daemon/swarm/time.hpp"

#include <cstdint>

namespace p2pd::swarm {

class Pipeline final {
 public:
  explicit Pipeline(std::uint32_t chunk_size) : chunk_size_(chunk_size) {}

  void asked(Time now);                         // a request left
  void answered(Duration delay);                // its first byte came so long after it
  void received(std::uint64_t bytes, Time now); // payload
  void ended() { --in_flight_; }                // whole, cancelled or refused

  bool room() const { return in_flight_ < window(); }
  std::uint32_t in_flight() const { return in_flight_; } // requests
  std::uint32_t window() const;                          // requests that should be in flight
  double rate() const { return rate_; }                  // bytes per second
  Time last_progress() const { return last_progress_; }

 private:
  std::uint32_t chunk_size_;
  std::uint32_t in_flight_ = 0;
  Duration delay_{};    // the least that was seen
  double rate_ = 0;     // smoothed
  Time sample_start_{}; // of the sample being taken
  std::uint64_t sample_bytes_ = 0;
  Time last_progress_{};
};

} // namespace p2pd::swarm
