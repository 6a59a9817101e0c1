// Opening in a process that may have run out of descriptors: then the least recently used of the
// open files (open_files.hpp) is closed and the call retried. If that fails, too, errno is set;
// EMFILE and ENFILE pass by themselves.
// Thread: any. Blocking.
#pragma once

#include "daemon/disk/fd.hpp"

#include <cerrno>
#include <sys/types.h>

namespace p2pd::disk {

// Closes one of the open files if `error_number` says that there are too many. False: it does not
// say so, or no file could be closed.
bool makes_room(int error_number);

// `open` returns a descriptor, or a negative number and errno.
template <class Open>
int open_retrying(Open&& open) {
  while (true) {
    const int fd = static_cast<int>(open());
    if (fd >= 0) return fd;
    if (const int cause = errno; !makes_room(cause)) {
      errno = cause;
      return fd;
    }
  }
}

// As openat(2); O_CLOEXEC is always set.
Fd open_fd(int folder, const char* path, int flags, mode_t mode = 0);

} // namespace p2pd::disk
