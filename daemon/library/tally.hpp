// What has happened at this peer since its start, in numbers; /metrics shows it. Thread: loop.
#pragma once

#include <cstdint>

namespace p2pd::library {

struct Tally {
  std::uint64_t chunks_fetched = 0; // came from a peer, were verified and written
  std::uint64_t chunks_forged = 0;  // came from a peer, and did not have the hash that they should
  std::uint64_t chunks_damaged = 0; // lay on the disk, likewise
  std::uint64_t transfers_done = 0;
  std::uint64_t transfers_failed = 0;
};

} // namespace p2pd::library
