// The limit of this process on descriptors. Loop thread.
#pragma once

#include "daemon/base/descriptor_shares.hpp"

namespace p2pd::app {

// Raises the soft limit to the hard one, as everybody may; the programs that are started get the
// one that was there. At the start, once.
void raise_descriptor_limit();

// What the limit allows now. The log says when fewer links fit than are wanted. There is always a
// descriptor for the next connection, which is refused in an orderly way.
base::DescriptorShares share_descriptors(std::size_t wanted_links);

} // namespace p2pd::app
