// Admission control for connections, whose number [limits] connections limits: links, handshakes
// and connection attempts in both directions. Pure.
//
// One connection is reserved for each known tracker, so that links to peers never keep this node
// from its trackers. If the limit is above one, the last connection is a peer's.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace p2pd::net {

enum class Purpose : std::uint8_t { peer, tracker };

struct Places {
  std::size_t limit = 0;
  std::size_t used = 0;
  std::size_t to_trackers = 0; // of those in use, dialled by this node
  std::size_t trackers = 0;    // known trackers

  std::size_t kept() const { return std::min(trackers, limit > 1 ? limit - 1 : limit); }
  bool free_for(Purpose purpose) const {
    // Beyond the reserved ones, e.g. for a second address of a tracker, any but the last.
    if (purpose == Purpose::tracker)
      return used < limit && (to_trackers < kept() || used + 1 < limit);
    return used + kept() - std::min(kept(), to_trackers) < limit;
  }
};

} // namespace p2pd::net
