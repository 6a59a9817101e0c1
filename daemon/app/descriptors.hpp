// Descriptors, of which each connection takes one. Loop thread.
#pragma once

#include <cstddef>

namespace p2pd::app {

// Raises the process' limit as far as it may, and says how many of the wanted connections fit below
// it beside the files that the daemon has open. So there is always a descriptor for the next
// connection, which is refused in an orderly way; the log says when they are fewer than wanted.
std::size_t connections_within_limit(std::size_t wanted);

} // namespace p2pd::app
