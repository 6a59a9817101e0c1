// The descriptor limit of this process. Loop thread.
#pragma once

#include "daemon/base/descriptor_shares.hpp"

namespace p2pd::app {

// Raises the soft limit to the hard limit; child processes get the original one. Once, at the
// start.
void raise_descriptor_limit();

// What the limit allows now. Logs if it allows fewer links than wanted. There is always a
// descriptor for the next connection, so that it can be refused properly.
base::DescriptorShares share_descriptors(std::size_t wanted_links);

} // namespace p2pd::app
