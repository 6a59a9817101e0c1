// Whether somebody on this machine has files open for writing. The kernel tells the owner of a file
// and who has CAP_LEASE, where the file system has leases; of a program on another machine it knows
// nothing.
//
// Not fanotify, which takes CAP_SYS_ADMIN, nor /proc, in which a service does not see the processes
// of others. Thread: any. Blocking.
#pragma once

#include "daemon/disk/confine.hpp"
#include "proto/manifest.hpp"

namespace p2pd::store {

enum class Writers : std::uint8_t { none, some, unknown };

Writers writers_of(int file); // open for reading

// Of all files that the manifest has of what was opened. Some where one has some, and else unknown
// where one is unknown.
Writers writers_of(const disk::Folders::Opened& opened, const proto::Manifest& manifest);

} // namespace p2pd::store
