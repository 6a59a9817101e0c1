// What to do about a chunk that one source was asked for, when another that has it has room: toward
// the end of a content, and whenever a source is slow or silent, waiting for it would cost more
// than asking again. Pure policy.
//
// A source that is slow is often busy, or runs on a machine that is, and what it was asked for may
// be on its way already. So the request is withdrawn first, and the other source is asked when the
// first has confirmed that it will not send the chunk: then nothing comes twice, however late both
// are. Only of a source that does not even confirm that is nothing expected any more.
#pragma once

#include "daemon/swarm/time.hpp"

#include <algorithm>

namespace p2pd::swarm {

enum class Race : std::uint8_t {
  leave,    // it comes soon enough where it was asked for, or the answer is awaited
  withdraw, // take the request back, and ask the other when that is confirmed
  replace,  // ask the other now; what still comes from the first is taken
  run,      // part of it has come: ask the other too; the first wins, the other is cancelled
};

// A chunk that a source was asked for.
struct Outstanding {
  Duration there{};       // how long it would take from that source; the most: it is quiet
  bool begun = false;     // part of it has come, which would be paid for twice
  bool withdrawn = false; // and that is not confirmed
  bool stalled = false;   // nothing comes from that source
};

// `here`: how long it would take from the other. Each source runs in one race at a time, so no more
// than a chunk for each is fetched twice.
inline Race judge(const Outstanding& asked, Duration here) {
  constexpr Duration worth_it = std::chrono::milliseconds(100);
  if (asked.stalled) return Race::replace;
  if (asked.withdrawn) return Race::leave;
  const bool quiet = asked.there == Duration::max();
  if (!quiet && asked.there < 2 * here + worth_it) return Race::leave;
  if (!asked.begun) return Race::withdraw;
  return quiet ? Race::leave : Race::run; // what has come of it tells that more will
}

// How long a source is asked for nothing that was found quiet so many times in a row before, or has
// stalled.
inline Duration rest_after(unsigned times, bool stalled) {
  constexpr Duration first = std::chrono::seconds(4);
  constexpr Duration most = std::chrono::seconds(10);
  constexpr unsigned doublings = 2;
  if (stalled) return most;
  return std::min(first * (1 << std::min(times, doublings)), most);
}

} // namespace p2pd::swarm
