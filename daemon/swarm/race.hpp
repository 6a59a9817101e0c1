// What to do about a chunk that one source was asked for, when another that has it stands idle:
// toward the end of a content, and whenever a source is slow or silent, waiting for it would cost
// more than asking again. Pure policy.
#pragma once

#include "daemon/swarm/time.hpp"

namespace p2pd::swarm {

enum class Race : std::uint8_t {
  leave, // it comes soon enough where it was asked for
  move,  // ask the idle one instead; nothing of it has come yet
  run,   // ask the idle one too; the first wins, the other is cancelled
};

// `there`, `here`: how long it would take from the one that was asked, and from the idle one.
// `begun`: part of the chunk has come, which would be paid for twice. Each idle source runs in one
// race at a time, so no more than a chunk for each is fetched twice.
inline Race judge(Duration there, Duration here, bool begun) {
  constexpr Duration worth_it = std::chrono::milliseconds(100);
  if (there != Duration::max() && there < 2 * here + worth_it) return Race::leave;
  return begun ? Race::run : Race::move;
}

} // namespace p2pd::swarm
