// How fast this peer may send and receive payload, over all its connections together. Loop thread
// only.
#pragma once

#include "daemon/swarm/rate.hpp"
#include "proto/peer_messages.hpp"

namespace p2pd::peer {

struct Limits {
  struct Direction {
    std::uint64_t rate = 0; // bytes per second; 0: none
    swarm::Bucket bucket{0, proto::max_segment};

    void set(std::uint64_t bytes_per_second) {
      rate = bytes_per_second;
      bucket.set_rate(rate);
    }
  };
  Direction up;
  Direction down;
};

} // namespace p2pd::peer
