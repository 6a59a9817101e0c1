// What travels between two hosts, as far as it matters to the swarm; see p2p-protocol(7).
#pragma once

#include "daemon/swarm/fetcher.hpp"
#include "tests/sim/events.hpp"

#include <vector>

namespace p2pd::sim {

using proto::ChunkIndex;
using proto::ChunkSet;

struct Message {
  enum class Kind : std::uint8_t {
    want,
    unwant,
    has,    // `set`
    gained, // `chunks`
    peers,  // `hosts`
    ask_manifest,
    manifest,
    request, // `ticket`, `chunk`
    cancel,  // `ticket`
    segment, // `ticket`, `payload`
    sent,    // `set`
    failed,  // `ticket`, `why`
  };
  Kind kind{};
  swarm::Copy copy = swarm::Copy::any; // of a request
  swarm::Refusal why = swarm::Refusal::missing;
  std::uint32_t bytes = 0; // as it travels, without what the network adds
  std::uint32_t ticket = 0;
  std::uint32_t payload = 0;
  ChunkIndex chunk{};
  ChunkSet set{};
  std::vector<ChunkIndex> chunks{};
  std::vector<HostId> hosts{};
};

} // namespace p2pd::sim
