#include "daemon/disk/beneath.hpp"

#include "daemon/disk/open.hpp"

#include <cerrno>
#include <fcntl.h>
#include <linux/openat2.h>
#include <string_view>
#include <sys/syscall.h>

namespace p2pd::disk {

namespace {

constexpr int always = O_CLOEXEC | O_NOCTTY | O_NONBLOCK;
constexpr int tries = 16; // of a path with "..", which the kernel gives up when it is renamed

int open_by_kernel(int folder, const std::string& path, int flags, Links links, mode_t mode) {
  open_how how{};
  how.flags = static_cast<std::uint64_t>(flags | always);
  if ((flags & (O_CREAT | O_TMPFILE)) != 0) how.mode = mode;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
  if (links == Links::refuse) how.resolve |= RESOLVE_NO_SYMLINKS;
  // With O_PATH the kernel takes only the flags that mean something then.
  if ((flags & O_PATH) != 0) how.flags &= O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
  int fd = -1;
  for (int i = 0; i < tries; ++i) {
    fd = open_retrying([&] {
      return ::syscall(SYS_openat2, folder, path.empty() ? "." : path.c_str(), &how, sizeof how);
    });
    if (fd >= 0 || errno != EAGAIN) break;
  }
  return fd;
}

} // namespace

Fd open_by_steps(int folder, const std::string& path, int flags, mode_t mode) {
  std::string_view rest = path;
  if (rest.starts_with('/')) {
    errno = EXDEV;
    return Fd();
  }
  Fd held; // the folder reached so far; at first the caller's own
  int at = folder;
  while (true) {
    const std::size_t slash = rest.find('/');
    const std::string step(rest.substr(0, slash));
    if (step == "..") {
      errno = EXDEV;
      return Fd();
    }
    const char* name = step.empty() ? "." : step.c_str();
    if (slash == std::string_view::npos)
      return open_fd(at, name, flags | O_NOFOLLOW | always, mode);
    Fd next = open_fd(at, name, O_PATH | O_DIRECTORY | O_NOFOLLOW);
    if (!next) return Fd();
    held = std::move(next);
    at = held.get();
    rest.remove_prefix(slash + 1);
  }
}

Fd open_beneath(int folder, const std::string& path, int flags, Links links, mode_t mode) {
  const int fd = open_by_kernel(folder, path, flags, links, mode);
  if (fd >= 0) return Fd(fd);
  // No such call (an older kernel), or a sandbox that does not know it.
  if (errno == ENOSYS || errno == EPERM) return open_by_steps(folder, path, flags, mode);
  return Fd();
}

} // namespace p2pd::disk
