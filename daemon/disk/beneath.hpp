// Opening by descriptor: a path is resolved below an open folder and never leaves it, even if
// somebody swaps in symlinks at the same moment.
//
// The kernel does it in one call (openat2 with RESOLVE_BENEATH, Linux 5.6). Without that, the path
// is walked step by step with O_NOFOLLOW, which refuses every symlink and "..": callers that want
// to follow one resolve it first and try again.
//
// Thread: any. Errors: an invalid Fd and errno, as open(2); EXDEV if the path would leave.
#pragma once

#include "daemon/disk/fd.hpp"

#include <compare>
#include <cstdint>
#include <string>
#include <sys/stat.h>

namespace p2pd::disk {

enum class Links : bool { refuse, follow }; // follow: those that stay beneath the folder

// `path` is relative; "" is the folder itself. O_CLOEXEC, O_NOCTTY and O_NONBLOCK (so that a FIFO
// does not hang the caller) are always added; `mode` is for O_CREAT.
Fd open_beneath(int folder, const std::string& path, int flags, Links links, mode_t mode = 0);

// The second way only.
Fd open_by_steps(int folder, const std::string& path, int flags, mode_t mode = 0);

// Which file this is, regardless of its name.
struct FileKey {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;

  FileKey() = default;
  explicit FileKey(const struct stat& status) : device(status.st_dev), inode(status.st_ino) {}
  auto operator<=>(const FileKey&) const = default;
};

} // namespace p2pd::disk
