// How many threads hash, read and write. Thread: loop, while it is the only one.
#pragma once

#include <cstddef>

namespace p2pd::app {

// Fewer than usual where the system allows no more, which the log says. Throws std::runtime_error
// with the limit where it allows none.
std::size_t possible_threads();

} // namespace p2pd::app
