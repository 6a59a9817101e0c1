// How much space a content takes where it is written, and whether there is that much. Chunks of
// zeros take none: they stay holes.
//
// Thread: any. Blocking. Units: bytes. Errors: ENOSPC, with both figures.
#pragma once

#include "daemon/disk/file_set.hpp"

#include <stop_token>

namespace p2pd::disk {

struct Space {
  std::uint64_t bytes = 0;
  std::uint64_t files = 0; // and folders
};

// `folder` lies on the file system; `taken` is there already; `path` is for the error.
Outcome check_room(int folder, const Layout& layout, Space taken, const std::string& path);

// Takes the space now, as far as the file system can. Small files are left to the check above.
Outcome reserve(const FileSet& files, const std::stop_token& stop);

} // namespace p2pd::disk
