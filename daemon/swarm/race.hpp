// What to do about a chunk that one source was asked for, when another that has it has room: toward
// the end of a content, and whenever a source is slow or silent, waiting for it would cost more
// than asking again. Pure policy.
//
// A source that is slow is often busy, or runs on a machine that is, and what it was asked for may
// be on its way already. So the request is withdrawn first, and the other source is asked when the
// first has confirmed that it will not send the chunk: then nothing comes twice, however late both
// are. Of a source that does not even confirm that in time nothing is expected any more, however
// many bytes it sends of something else. A fast source waits for that for eight times what the
// chunk would take from it, as what a slow one sends twice meanwhile is little: with thirty sources
// of 40 kB/s beside one of 20 MB/s, 60 MB take 4 s so, and 7 where each is given three seconds.
#pragma once

#include "daemon/swarm/time.hpp"

#include <cstdint>

namespace p2pd::swarm {

enum class Race : std::uint8_t {
  leave,    // it comes soon enough where it was asked for, or the answer is awaited
  withdraw, // take the request back, and ask the other when that is confirmed
  replace,  // ask the other now; what still comes from the first is taken, where there is memory
  run,      // part of it has come: ask the other too; the first wins, the other is cancelled
};

// A chunk that a source was asked for.
struct Outstanding {
  Duration there{};       // how long it would take from that source; the most: it is quiet
  bool begun = false;     // part of it has come, which would be paid for twice
  Duration pace{};        // how long the rest would take as that has come
  bool withdrawn = false; // and that is not confirmed
  Duration unconfirmed{}; // for so long, of the time in which this node listened
  bool stalled = false;   // nothing comes from that source
};

// A withdrawal has been unconfirmed for so long that the chunk is asked for elsewhere.
bool overdue(Duration unconfirmed);
// The same where somebody waits for the memory that it holds.
constexpr Duration confirmed_within_pressure = std::chrono::seconds(1);

// `here`: how long it would take from the other. Each source runs in one race at a time, so no more
// than a chunk for each is fetched twice; but what cannot win is no race.
Race judge(const Outstanding& asked, Duration here);
// What comes sooner than that from where it was asked for is left there.
Duration least_worth_it(Duration here);

// How long a source is asked for nothing that was found quiet so many times in a row before, or has
// stalled.
Duration rest_after(unsigned times, bool stalled);
// The same of one whose chunk was asked for elsewhere, as it came hopelessly slowly, so many times
// in a row before.
Duration rest_of_slow(unsigned times);

} // namespace p2pd::swarm
