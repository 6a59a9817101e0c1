// What makes way in two steps: it gets a name of its own at once, so that nobody waits for it, and
// is removed later (remove_written.hpp). What is left of it then, being somebody else's, gets a
// name that people see. Thread: any. Blocking.
#pragma once

#include "daemon/disk/confine.hpp"

namespace p2pd::store {

// Until it is removed. `tag` tells it from all others.
std::string aside_name(std::uint64_t tag);

// Renames what the destination's place has lost, a part or what was replaced, to its aside_name().
// Nothing there to be renamed is fine: it was done before, or there is nothing to remove.
enum class Lost : bool { part, replaced };
disk::Outcome set_aside(const disk::Folders::Parent& parent, Lost lost, std::uint64_t tag);

// Renames what is left to LEAF.old-1, or the next that is free; the path.
disk::Result<std::string> keep_aside(const disk::Folders::Parent& parent, std::uint64_t tag);

} // namespace p2pd::store
