// The threads that hash, read and write. Loop thread.
#pragma once

#include "daemon/io/loop.hpp"

namespace p2pd::app {

// Fewer than usual where the system allows no more, which the log says. Throws std::runtime_error
// with the limit where it allows none.
void start_threads(io::Loop& loop);

} // namespace p2pd::app
