// How many pool threads hash, read and write. Thread: loop, before any other exists.
#pragma once

#include <cstddef>

namespace p2pd::app {

// Fewer than usual if the system allows no more, which is logged. Throws std::runtime_error, naming
// the limit, if it allows none.
std::size_t possible_threads();

} // namespace p2pd::app
