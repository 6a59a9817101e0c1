// The group of what a fetch makes. Thread: any. Blocking.
#pragma once

#include "daemon/disk/outcome.hpp"

#include <sys/types.h>

namespace p2pd::disk {

// Gives what was just made as `leaf` in `folder` to the group, if there is one; "" is the folder
// itself, or the file that is open there. `path` is where that is. EPERM where p2pd's user is no
// member of the group.
Outcome give_to(std::optional<gid_t> group, int folder, const char* leaf, std::string_view path);

} // namespace p2pd::disk
