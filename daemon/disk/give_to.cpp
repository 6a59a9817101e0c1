#include "daemon/disk/give_to.hpp"

#include <cerrno>
#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

namespace p2pd::disk {

// A file system without groups refuses as well; the group may already be right there.
Outcome give_to(std::optional<gid_t> group, int folder, const char* leaf, std::string_view path) {
  constexpr auto same_owner = static_cast<uid_t>(-1);
  constexpr int flags = AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH;
  if (!group || ::fchownat(folder, leaf, same_owner, *group, flags) == 0) return {};
  const int cause = errno;
  struct stat status;
  if (::fstatat(folder, leaf, &status, flags) == 0 && status.st_gid == *group) return {};
  if (cause != EPERM) return system_fault(cause, "set the group of", path);
  return fault(EPERM, fmt::format("{} cannot get the group that [peer] download_group names; make "
                                  "p2pd's user a member of it and restart p2pd",
                                  in_quotes(path)));
}

} // namespace p2pd::disk
