// The group of what a fetch makes. Thread: any. Blocking.
#pragma once

#include "daemon/disk/outcome.hpp"

#include <sys/types.h>

namespace p2pd::disk {

// Sets the group, if one is given, of what was just made as `leaf` in `folder`; "": of `folder`
// itself, which may be an open file, too. `path` is for errors. EPERM if p2pd's user is not a
// member of the group.
Outcome give_to(std::optional<gid_t> group, int folder, const char* leaf, std::string_view path);

} // namespace p2pd::disk
