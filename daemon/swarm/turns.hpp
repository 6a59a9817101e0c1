// Whose turn it is to be sent a chunk, among the peers that wait for one. Each has a fair share of
// what this node sends, and within it the chunk comes first that was sent the least: so one copy of
// everything is out, for peers to pass on, before a second of anything. Pure policy.
//
// The share is kept as in start-time fair queueing (Goyal, Vin and Cheng, 1996): the bytes sent to
// a peer are its clock, and the clocks stay close together. Who gives back pays less for a byte, as
// little as half. A newcomer begins behind all others, which is what BitTorrent's optimistic slot
// is for: it has its first chunk at once, and something to give.
//
// What is on its way to a slow peer stays there for long. So slow ones never have all slots, and
// whoever takes next to nothing needs none: it comes when nobody else can be sent anything.
#pragma once

#include "daemon/swarm/pace.hpp"

#include <cstdint>
#include <optional>
#include <span>

namespace p2pd::swarm {

// So far, in bytes, a peer may get ahead of another that waits as well: enough to choose among
// chunks, little enough to pass in a moment.
constexpr std::uint64_t most_ahead = 1 << 20;

// One that waits.
struct Wish {
  std::uint64_t clock = 0;  // bytes, as charged
  std::uint32_t copies = 0; // how often the chunk was sent that it would be sent
  bool ready = false;       // its link takes more
  bool slot = false;        // something is on its way to it
  Pace pace = Pace::usual;
};

// How many more peers may be served at the same time, stuck ones aside.
struct FreeSlots {
  std::size_t all = 0;
  std::size_t for_slow = 0; // no more of them than these may be slow
};
// Slow ones beyond their part were taken for usual when they came: they hold up nobody.
FreeSlots free_slots(std::size_t slots, std::size_t busy_usual, std::size_t busy_slow);
// So many of one address may be served at the same time that have proved nothing yet: ids are free.
constexpr std::size_t most_unproven(std::size_t slots) {
  return slots < 8 ? 1 : slots / 4;
}

// Who is next, as an index; nothing where nobody can be. While no slot is free, those who have one
// go on, unless one without is far behind: then who is ahead of it makes way.
std::optional<std::size_t> next_turn(std::span<const Wish> waiting, FreeSlots free);

// What `bytes` cost one that was sent so much, and gave so much.
std::uint64_t charge(std::uint64_t bytes, std::uint64_t sent, std::uint64_t given);

} // namespace p2pd::swarm
