#include "daemon/store/move_in.hpp"

#include "daemon/store/part_name.hpp"

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>

namespace p2pd::store {

namespace {

bool is_there(int folder, const std::string& leaf) {
  struct stat status;
  return ::fstatat(folder, leaf.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0;
}

// The file system has no such call, or does not know its flag.
bool cannot(int error_number) {
  return error_number == EINVAL || error_number == ENOSYS || error_number == EOPNOTSUPP;
}

// By two renames. In between the name stands for nothing.
disk::Result<std::string> move_aside_and_in(const Move& move) {
  std::string aside = old_name(move.leaf);
  if (!rename_new(move.folder, move.leaf, aside))
    return errno == EEXIST
               ? disk::fault(EEXIST, fmt::format("{} is what {} was before; move it away",
                                                 disk::in_quotes(folder_of(move.path) + aside),
                                                 disk::in_quotes(move.path)))
               : disk::system_fault(errno, "replace", move.path);
  if (::fsync(move.folder) == 0 && rename_new(move.folder, move.part, move.leaf)) return aside;
  const int cause = errno;
  if (disk::Outcome back = undo_move(move.folder, move.leaf, move.path); !back) return back.fault();
  return disk::system_fault(cause, "replace", move.path);
}

} // namespace

bool rename_new(int folder, const std::string& from, const std::string& to) {
  if (::renameat2(folder, from.c_str(), folder, to.c_str(), RENAME_NOREPLACE) == 0) return true;
  if (!cannot(errno)) return false;
  if (is_there(folder, to)) { // look first, then rename
    errno = EEXIST;
    return false;
  }
  return ::renameat(folder, from.c_str(), folder, to.c_str()) == 0;
}

std::string old_name(const std::string& leaf) {
  return own_name(leaf, ".old");
}

disk::Result<std::string> move_in(const Move& move, bool replace) {
  if (rename_new(move.folder, move.part, move.leaf)) return std::string();
  const int cause = errno;
  struct stat old;
  if (::fstatat(move.folder, move.leaf.c_str(), &old, AT_SYMLINK_NOFOLLOW) != 0)
    return disk::system_fault(cause, "rename to", move.path);
  if (!replace)
    return disk::fault(EEXIST, fmt::format("{} is there already; replace it with --force or choose "
                                           "another place with -o",
                                           disk::in_quotes(move.path)));
  if (S_ISDIR(old.st_mode) != move.tree)
    return disk::fault(EEXIST,
                       fmt::format("{} is a {}, which this content cannot replace; remove it or "
                                   "choose another place with -o",
                                   disk::in_quotes(move.path), move.tree ? "file" : "folder"));
  if (::renameat2(move.folder, move.part.c_str(), move.folder, move.leaf.c_str(),
                  RENAME_EXCHANGE) == 0)
    return move.part;
  if (cannot(errno)) return move_aside_and_in(move);
  return disk::system_fault(errno, "replace", move.path);
}

disk::Outcome undo_move(int folder, const std::string& leaf, const std::string& path) {
  const std::string aside = old_name(leaf);
  if (!is_there(folder, aside) || is_there(folder, leaf)) return {};
  if (!rename_new(folder, aside, leaf)) return disk::system_fault(errno, "put back", path);
  return {};
}

} // namespace p2pd::store
