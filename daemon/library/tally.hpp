// Counters of this peer since its start, for /metrics. Thread: loop.
#pragma once

#include <cstdint>

namespace p2pd::library {

struct Tally {
  std::uint64_t chunks_fetched = 0; // from peers, verified and written
  std::uint64_t chunks_forged = 0;  // from peers, with a wrong hash
  std::uint64_t chunks_damaged = 0; // on the disk, with a wrong hash
  std::uint64_t transfers_done = 0;
  std::uint64_t transfers_failed = 0;
};

} // namespace p2pd::library
