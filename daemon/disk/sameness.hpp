// Whether a file is the one that was hashed, by what can be seen without reading it.
// Thread: any; values only.
#pragma once

#include "daemon/disk/file_system.hpp"
#include "daemon/disk/identity.hpp"

#include <random>
#include <vector>

namespace p2pd::disk {

enum class Sameness : std::uint8_t {
  same,
  alike, // by size and time; its inode says nothing, as after a remount or on another disk
  other  // another one, or written into since
};

// `system` is the id of the file system that it was on then, `now` the one that it is on.
Sameness compare(const Identity& saved, std::uint64_t system, const Identity& found,
                 const FileSystem& now);

// Whether it is still the same while nothing was mounted anew: where inodes are numbered as they
// are used, as FUSE may do it, a file that was not used for a while has another one.
bool agree(const Identity& saved, const Identity& found, const FileSystem& now);

// Of so many chunks the ones to hash where files are alike: the first, the last, and some by
// chance, in order. All of them where they are few.
std::vector<std::uint32_t> sample(std::uint32_t chunks, std::mt19937_64& chance);

} // namespace p2pd::disk
