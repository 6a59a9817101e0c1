// Who may have the next place among the links of this node, of which [limits] connections bounds
// the number: links, handshakes and attempts to connect, whoever began them. Pure.
//
// Each tracker that this node knows has a place kept for it, so that links to peers never keep it
// from its trackers; but the last place is a peer's, where there is more than one.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace p2pd::net {

enum class Purpose : std::uint8_t { peer, tracker };

struct Places {
  std::size_t limit = 0;
  std::size_t used = 0;
  std::size_t to_trackers = 0; // of the used ones, dialled by this node
  std::size_t trackers = 0;    // that it knows

  std::size_t kept() const { return std::min(trackers, limit > 1 ? limit - 1 : limit); }
  bool free_for(Purpose purpose) const {
    // Beyond the kept ones, as for a second address of a tracker, it takes any but the last.
    if (purpose == Purpose::tracker)
      return used < limit && (to_trackers < kept() || used + 1 < limit);
    return used + kept() - std::min(kept(), to_trackers) < limit;
  }
};

} // namespace p2pd::net
