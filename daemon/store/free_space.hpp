// How much space a content takes where it is written, and whether so much is free. Chunks of zeros
// take none: they stay holes. So do long runs of zeros in other chunks once those are written,
// which is not known before.
//
// Thread: any. Blocking. Units: bytes. Errors: ENOSPC, with both figures.
#pragma once

#include "daemon/store/file_set.hpp"

#include <stop_token>
#include <vector>

namespace p2pd::store {

struct Space {
  std::uint64_t bytes = 0;
  std::uint64_t files = 0; // and folders
};

// `folder` lies on the file system; `taken` is there already; `path` is for the error.
disk::Outcome check_free_space(int folder, const Layout& layout, Space taken,
                               const std::string& path);

// The same for all of it with its holes: before anything is there. What claims to be 4 TiB of zeros
// fits nowhere that has no 4 TiB, though it would take no space.
disk::Outcome check_free_space_with_holes(int folder, const Layout& layout,
                                          const std::string& path);

// By chunk: whether it is still to be written.
using MissingChunks = std::vector<bool>;
// Takes the space of what is missing now, as far as the file system can. Small files are left to
// the check above.
disk::Outcome reserve(const FileSet& files, const MissingChunks& missing,
                      const std::stop_token& stop);
// Counts the holes of all the rest, which is written, as left out.
void count_holes(const FileSet& files, const MissingChunks& missing);

} // namespace p2pd::store
