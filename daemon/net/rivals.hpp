// Two links to one node, of which one is to stay. Pure functions of values. Thread: any.
//
// One process has two when it dials again before this node has noticed that the first link is dead,
// and when both nodes dial each other at once. Two processes have them when a machine was restarted
// without taking leave, or when a machine's disk was copied and two machines use one identity. The
// instance number of hello tells processes apart.
#pragma once

#include "daemon/io/loop.hpp"

namespace p2pd::net {

struct Rival {
  std::uint64_t instance = 0; // of the process at the other end
  bool initiated = false;     // by this node
};

enum class Verdict : std::uint8_t {
  newer, // it takes the place of the older link at once
  older, // which stays, if it proves to be alive
};

// How far apart two links can be that began because each node dialled the other: more than a
// handshake takes.
inline constexpr std::chrono::seconds dialled_at_once{5};

// `age`: of the older link. `lower`: this node's id is lower than the other's.
//
// The same process does not dial again while its link works, so the newer stays. Unless both
// dialled at once: then both keep the link that the lower id began, which both can tell. Another
// process may be a copy, and who was there first stays.
constexpr Verdict judge(const Rival& older, const Rival& newer, io::Clock::duration age,
                        bool lower) {
  if (older.instance != newer.instance) return Verdict::older;
  const bool crossed = older.initiated != newer.initiated && age < dialled_at_once;
  return crossed && newer.initiated != lower ? Verdict::older : Verdict::newer;
}

} // namespace p2pd::net
