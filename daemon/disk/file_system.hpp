// Properties of a file system that cannot be queried and are probed.
// Thread: any. Blocking.
#pragma once

#include <cstdint>
#include <optional>
#include <sys/types.h>

namespace p2pd::disk {

// The owner that is shown for files that this process makes in the folder: bindfs and mounts with
// uid= show one owner for all, an NFS server may map root to somebody else. Makes a file there and
// removes it again; nothing if that fails.
std::optional<uid_t> owner_shown(int folder);

struct FileSystem {
  std::uint64_t id = 0;     // survives reboots and moves to another machine; 0: not known
  bool inodes_last = false; // inode numbers survive an unmount
};
FileSystem file_system_of(int file);

} // namespace p2pd::disk
