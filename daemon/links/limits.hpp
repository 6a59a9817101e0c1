// How fast this peer may send and receive payload, over all its connections together, and how
// soon; and how much of each fetch is to stay in the page cache. Loop thread only.
#pragma once

#include "daemon/swarm/rate.hpp"
#include "proto/peer_messages.hpp"

namespace p2pd::links {

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
  Direction between_up, between_down; // of peers of other sites, which count for the others as well
  bool lan_exempt = false;            // peers of the own network are not limited
  std::uint64_t page_cache = 0;       // bytes
  std::uint64_t fetch_max_size = 0;   // bytes; 0: none
  std::chrono::milliseconds delay{};  // requests for chunks are answered so late: an experiment
};

} // namespace p2pd::links
