// The time as this room gets it: always from its caller. Thread: any; values only.
#pragma once

#include <chrono>

namespace p2pd::swarm {

using Time = std::chrono::steady_clock::time_point;
using Duration = std::chrono::steady_clock::duration;

inline double seconds(Duration duration) {
  return std::chrono::duration<double>(duration).count();
}

} // namespace p2pd::swarm
