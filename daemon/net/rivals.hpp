// Which of two links to the same node to keep. Pure functions of values. Thread: any.
//
// One process has two links if it dials again before this node has noticed that the first link is
// dead, or if both nodes dial each other at once. Two processes have one each if a machine was
// restarted without saying goodbye, or if its disk was copied and two machines use one identity.
// The instance number in hello distinguishes processes.
#pragma once

#include "daemon/io/loop.hpp"

namespace p2pd::net {

struct Rival {
  std::uint64_t instance = 0; // of the process at the other end
  bool initiated = false;     // by this node
};

enum class Verdict : std::uint8_t {
  newer, // it replaces the older link at once
  older, // it stays, if it proves to be alive
};

// The longest time between two links that exist because both nodes dialled each other: more than a
// handshake takes.
inline constexpr std::chrono::seconds dialled_at_once{5};

// `age`: of the older link. `lower`: this node's id is lower than the other's.
//
// A process does not dial again while its link works, so its newer link stays. If both nodes
// dialled at once, both keep the link that the lower id initiated. Another process may be a copy,
// so the existing link stays.
constexpr Verdict judge(const Rival& older, const Rival& newer, io::Clock::duration age,
                        bool lower) {
  if (older.instance != newer.instance) return Verdict::older;
  const bool crossed = older.initiated != newer.initiated && age < dialled_at_once;
  return crossed && newer.initiated != lower ? Verdict::older : Verdict::newer;
}

} // namespace p2pd::net
