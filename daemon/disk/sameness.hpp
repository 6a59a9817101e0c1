// Whether a file is the one that was hashed, judged without reading it.
// Thread: any; values only.
#pragma once

#include "daemon/disk/file_system.hpp"
#include "daemon/disk/identity.hpp"

#include <random>
#include <vector>

namespace p2pd::disk {

enum class Sameness : std::uint8_t {
  same,
  alike, // by size and time; its inode is not comparable, as after a remount or on another disk
  other  // another file, or modified since
};

// `system` is the id of its file system then, `now` that of the current one.
Sameness compare(const Identity& saved, std::uint64_t system, const Identity& found,
                 const FileSystem& now);

// Whether it is still the same if nothing was remounted: where inodes are numbered on use, as FUSE
// may do, a file that was not used for a while gets another number.
bool agree(const Identity& saved, const Identity& found, const FileSystem& now);

// The chunks, in order, to hash if files are alike: the first, the last and a random sample; all if
// there are few.
std::vector<std::uint32_t> sample(std::uint32_t chunks, std::mt19937_64& chance);

} // namespace p2pd::disk
