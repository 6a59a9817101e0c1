#include "daemon/store/look.hpp"

#include <array>
#include <cerrno>
#include <climits>
#include <fcntl.h>
#include <fmt/core.h>

namespace p2pd::store {

namespace {

using proto::Entry;

// What it is, if it can be in a content.
void take_status(Looked& looked) {
  const mode_t mode = looked.status.st_mode;
  looked.identity = disk::Identity(looked.status);
  looked.entry.mtime_ns = looked.identity.mtime_ns;
  if (S_ISREG(mode)) {
    looked.entry.kind = (mode & S_IXUSR) != 0 ? Entry::Kind::executable : Entry::Kind::file;
    looked.entry.size = looked.identity.size;
  } else if (S_ISDIR(mode)) {
    looked.entry.kind = Entry::Kind::folder;
  } else {
    looked.offence = S_ISFIFO(mode) ? "is a FIFO" : S_ISSOCK(mode) ? "is a socket" : "is a device";
    looked.special = true;
  }
}

void take_target(const Tree& tree, Looked& looked, const std::string& target) {
  looked.entry.kind = Entry::Kind::symlink;
  const auto is_folder = [&](const std::string& path) {
    return disk::open_beneath(tree.root, path, O_PATH | O_DIRECTORY | O_NOFOLLOW,
                              disk::Links::refuse)
        .valid();
  };
  if (const auto inner = inner_target(looked.entry.path, target, is_folder)) {
    looked.entry.target = *inner;
    return;
  }
  looked.offence =
      fmt::format("is a symlink to {}, which leads out of the folder", disk::in_quotes(target));
  looked.special = true;
}

void take_symlink(const Tree& tree, Looked& looked, const std::string& target) {
  if (tree.links == SymlinkRule::keep) return take_target(tree, looked, target);
  looked.special = true;
  looked.offence = fmt::format("is a symlink to {}", disk::in_quotes(target));
  if (tree.links == SymlinkRule::refuse) return;
  const disk::Result<OpenedIn> opened = open_in(tree, looked.entry.path, O_RDONLY);
  if (!opened || ::fstat(opened->fd.get(), &looked.status) != 0) {
    looked.offence += ", which cannot be followed: ";
    looked.offence += opened ? "it is gone" : opened.fault().message;
    return;
  }
  looked.offence.clear();
  looked.special = false;
  take_status(looked);
}

} // namespace

disk::Result<OpenedIn> open_in(const Tree& tree, const std::string& path, int flags) {
  disk::Fd fd = disk::open_beneath(tree.root, path, flags | O_NOFOLLOW, disk::Links::refuse);
  if (fd) return OpenedIn{std::move(fd), std::nullopt};
  const bool through_symlink = errno == ELOOP || errno == ENOTDIR;
  if (tree.beyond == nullptr || !through_symlink)
    return disk::system_fault(errno, "open", tree.full(path));
  disk::Result<disk::Folders::Opened> opened = tree.beyond->open_file(tree.full(path), flags);
  if (!opened) return opened.fault();
  return OpenedIn{std::move(opened->fd), std::move(opened->guard)};
}

disk::Result<Looked> look_at(const Tree& tree, int folder, const char* leaf, std::string path) {
  Looked looked;
  looked.entry.path = std::move(path);
  if (::fstatat(folder, leaf, &looked.status, AT_SYMLINK_NOFOLLOW) != 0)
    return disk::system_fault(errno, "look at", tree.full(looked.entry.path));
  if (!S_ISLNK(looked.status.st_mode)) {
    take_status(looked);
    return looked;
  }
  std::array<char, PATH_MAX> target;
  const ssize_t length = ::readlinkat(folder, leaf, target.data(), target.size());
  if (length < 0) return disk::system_fault(errno, "read", tree.full(looked.entry.path));
  take_symlink(tree, looked, std::string(target.data(), static_cast<std::size_t>(length)));
  return looked;
}

} // namespace p2pd::store
