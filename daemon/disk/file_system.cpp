#include "daemon/disk/file_system.hpp"

#include "daemon/disk/fd.hpp"

#include <atomic>
#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

namespace p2pd::disk {

std::optional<uid_t> owner_shown(int folder) {
  static std::atomic<unsigned> count = 0;
  const std::string name = fmt::format(".p2pd-{}-{}.owner", ::getpid(), ++count);
  const Fd made(
      ::openat(folder, name.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!made) return std::nullopt;
  struct stat status;
  // By its name, as what is compared with it may be known by that alone.
  const bool looked = ::fstatat(folder, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0;
  ::unlinkat(folder, name.c_str(), 0);
  return looked ? std::optional(status.st_uid) : std::nullopt;
}

} // namespace p2pd::disk
