// What a file system shows, which is not everywhere what it was told. Found out by trying.
// Thread: any. Blocking.
#pragma once

#include <cstdint>
#include <optional>
#include <sys/types.h>

namespace p2pd::disk {

// Whom the files belong to that this process makes in the folder, as it is shown: bindfs and mounts
// with uid= show one owner for all, an NFS server may make root somebody else. Makes a file there
// and removes it again; nothing where that fails.
std::optional<uid_t> owner_shown(int folder);

struct FileSystem {
  std::uint64_t id = 0;     // the same after a reboot, on another machine too; 0: not known
  bool inodes_last = false; // a file keeps its inode number while it is unmounted
};
FileSystem file_system_of(int file);

} // namespace p2pd::disk
