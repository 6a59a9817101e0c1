#include "daemon/disk/open.hpp"

#include "daemon/disk/open_files.hpp"

#include <fcntl.h>

namespace p2pd::disk {

bool makes_room(int error_number) {
  return (error_number == EMFILE || error_number == ENFILE) && open_files().close_one();
}

Fd open_fd(int folder, const char* path, int flags, mode_t mode) {
  return Fd(open_retrying([&] { return ::openat(folder, path, flags | O_CLOEXEC, mode); }));
}

} // namespace p2pd::disk
