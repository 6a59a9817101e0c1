// How much to ask one source for ahead of time: enough to keep the path full, that is the
// bandwidth-delay product as measured, and no more, since what waits at a slow source waits for
// nothing: at a slow one no more than it sends in two seconds. And whether it still delivers. Pure
// policy: the time is passed in.
//
// How long a source has been silent is counted in time in which this node listened, see waited():
// on a loaded machine what has come waits in the socket until it is this node's turn again, and the
// source, which is often on the same machine, waits for its own turn.
//
// The delay is that of the network alone, as pings tell it: a source that is slow to answer is not
// asked for more because of that, since others may be faster.
#pragma once

#include "daemon/swarm/time.hpp"

#include <cstdint>

namespace p2pd::swarm {

class Pipeline final {
 public:
  // `fixed`: the window is always so many requests; 0: it follows what is measured.
  explicit Pipeline(std::uint32_t chunk_size, std::uint32_t fixed = 0)
      : chunk_size_(chunk_size), fixed_(fixed) {}

  void asked(Time now);                         // a request left
  void measured(Duration rtt);                  // by a ping; the least that was seen counts
  void received(std::uint64_t bytes, Time now); // payload
  // So much time has passed since the last call, and all links were looked at meanwhile. Of a
  // stretch in which this node did not run the caller counts no more than a usual one.
  void waited(Duration time);
  void ended(Time now); // whole, cancelled or refused

  // `held` have come and are not dealt with yet: who is slow at that asks for less.
  bool room(std::size_t held = 0) const { return in_flight_ + held < window(); }
  std::uint32_t in_flight() const { return in_flight_; } // requests
  std::uint32_t window() const;                          // requests that should be in flight
  double rate() const { return rate_; }                  // bytes per second
  // It has shown that a chunk takes it more than two seconds: it is not to hold much that others
  // could use.
  bool slow() const;

  // It was asked and has sent nothing for longer than it should take; and for twice as long.
  bool quiet() const { return in_flight_ > 0 && 2 * silence_ > patience(); }
  bool stalled() const { return in_flight_ > 0 && silence_ > patience(); }
  // How long until `bytes` more have come from it, with all that it was asked for before; the most
  // there is where it is quiet.
  Duration expected(std::uint64_t bytes) const;

 private:
  void end_sample(Time now);
  Duration time_of(std::uint64_t bytes) const;
  Duration patience() const;
  std::uint32_t least() const; // requests

  std::uint32_t chunk_size_;
  std::uint32_t fixed_;
  std::uint32_t in_flight_ = 0;
  Duration delay_{};    // the least that was seen
  double rate_ = 0;     // smoothed
  Time sample_start_{}; // of the sample being taken
  std::uint64_t sample_bytes_ = 0;
  Duration silence_{}; // since it was asked or has sent something
};

} // namespace p2pd::swarm
