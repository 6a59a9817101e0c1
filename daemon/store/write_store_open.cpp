// How a WriteStore begins: made new, taken over from an earlier run, or opened for a repair.
#include "daemon/disk/file_system.hpp"
#include "daemon/disk/give_to.hpp"
#include "daemon/disk/open.hpp"
#include "daemon/disk/whereabouts.hpp"
#include "daemon/store/write_store.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <fmt/core.h>
#include <sys/file.h>

namespace p2pd::store {

namespace {

constexpr int read_folder = O_RDONLY | O_DIRECTORY | O_NOFOLLOW;
constexpr int file_flags = O_RDWR | O_NOFOLLOW | O_NONBLOCK;

disk::Fd make_part(int folder, const std::string& part, bool single) {
  if (single) return disk::open_fd(folder, part.c_str(), file_flags | O_CREAT | O_EXCL, 0666);
  if (::mkdirat(folder, part.c_str(), 0777) != 0) return disk::Fd();
  return disk::open_fd(folder, part.c_str(), read_folder);
}

// What this process or an earlier one of the same user may have made.
bool is_own(int folder, const struct stat& status, bool single) {
  return (single ? S_ISREG(status.st_mode) && status.st_nlink == 1 : S_ISDIR(status.st_mode)) &&
         (status.st_uid == ::geteuid() || disk::owner_shown(folder) == status.st_uid);
}

disk::Outcome resize(int file, std::uint64_t size, const std::string& path) {
  if (::ftruncate(file, static_cast<off_t>(size)) == 0) return {};
  return disk::system_fault(errno, "set the size of", path);
}

} // namespace

disk::Result<std::shared_ptr<WriteStore>>
WriteStore::create(disk::Folders::Parent parent, Layout layout, const std::stop_token& stop) {
  const int folder = parent.folder.get();
  if (disk::Outcome space = store::check_free_space(folder, layout, {}, parent.path); !space)
    return space.fault();
  if (disk::Outcome whole = check_free_space_with_holes(folder, layout, parent.path); !whole)
    return whole.fault();
  const std::string part = part_of(Mode::fetch, parent.leaf);
  const std::string part_path = folder_of(parent.path) + part;
  if (disk::Outcome good = check_name(parent); !good) return good.fault();
  disk::Fd root = make_part(folder, part, layout.manifest().single_file());
  if (!root && errno == EEXIST)
    return disk::fault(EEXIST,
                       fmt::format("{} is there already and belongs to no transfer; remove it or "
                                   "choose another place with -o",
                                   disk::in_quotes(part_path)));
  if (!root) return disk::system_fault(errno, "make", part_path);
  std::shared_ptr<WriteStore> store(
      new WriteStore(Mode::fetch, std::move(parent), std::move(root), std::move(layout)));
  if (disk::Outcome locked = store->lock(); !locked) return locked.fault();
  store->begin_line();
  if (disk::Outcome done = store->lay_out(stop); !done) {
    store->discard();
    return done.fault();
  }
  return store;
}

disk::Result<std::shared_ptr<WriteStore>> WriteStore::open(Mode mode, disk::Folders::Parent parent,
                                                           Layout layout) {
  const int flags = layout.manifest().single_file() ? file_flags : read_folder;
  const std::string part = part_of(mode, parent.leaf);
  disk::Fd root = disk::open_fd(parent.folder.get(), part.c_str(), flags);
  if (!root) return disk::system_fault(errno, "open", folder_of(parent.path) + part);
  std::shared_ptr<WriteStore> store(
      new WriteStore(mode, std::move(parent), std::move(root), std::move(layout)));
  if (disk::Outcome locked = store->lock(); !locked) return locked.fault();
  return store;
}

// On a file system that has no locks, nobody can hold one.
disk::Outcome WriteStore::lock() const {
  if (::flock(files_->root(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK)
    return disk::fault(EBUSY, fmt::format("{} is being written by another transfer; wait for it or "
                                          "choose another place with -o",
                                          disk::in_quotes(path())));
  // Who held the lock may have renamed or removed it between the opening and now.
  if (!is_there()) return disk::system_fault(ENOENT, "open", part_path_);
  return {};
}

disk::Outcome WriteStore::lay_out(const std::stop_token& stop) {
  if (disk::Outcome given = disk::give_to(parent_.group, files_->root(), "", part_path_); !given)
    return given;
  if (single()) {
    if (disk::Outcome sized =
            resize(files_->root(), layout_.manifest().size + disk::tag_size, path());
        !sized)
      return sized;
  } else {
    TreeFiles tree(files_->root(), layout_, part_path_, parent_.group);
    if (disk::Outcome made = tree.make_folders(stop); !made) return made;
    if (names_fold())
      if (disk::Outcome made = make_all(tree, stop); !made) return made;
  }
  return reserve(*files_, MissingChunks(layout_.manifest().chunks(), true), stop);
}

// Whether upper case is lower case there. A folder is made to fold as the one around it does.
bool WriteStore::names_fold() const {
  std::string upper = part_;
  for (char& c : upper)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  struct stat status;
  return ::fstat(files_->root(), &status) == 0 &&
         disk::key_of(parent_.folder.get(), upper) == disk::FileKey(status);
}

disk::Outcome WriteStore::make_all(TreeFiles& tree, const std::stop_token& stop) const {
  for (Layout::FileIndex file = 0; file < layout_.files(); ++file) {
    if (stop.stop_requested()) return disk::fault(ECANCELED, "stopped");
    if (!layout_.has_file(file)) continue;
    if (const disk::Result<disk::SharedFd> made = files_->open(file); !made)
      return made.fault().is(EEXIST) ? tree.in_the_way(layout_.entry(file)) : made.fault();
  }
  return {};
}

disk::Result<WriteStore::Resumed> WriteStore::resume(disk::Folders::Parent parent, Layout layout,
                                                     const std::stop_token& stop) {
  disk::Result<std::shared_ptr<WriteStore>> opened =
      open(Mode::fetch, std::move(parent), std::move(layout));
  if (!opened) return opened.fault();
  Resumed resumed{std::move(*opened), {}, {}};
  WriteStore& store = *resumed.store;
  resumed.mark = store.look(); // before anything is changed
  disk::get_tag(store.files_->root(), store.layout_.manifest(), resumed.mark);
  disk::Result<TreeFiles::Adopted> adopted = resumed.store->adopt(stop);
  if (!adopted) return adopted.fault();
  resumed.lost = std::move(adopted->lost);
  resumed.mark.changed_ns = std::max(resumed.mark.changed_ns, adopted->changed_ns);
  store.mark_ = resumed.mark;
  store.tagged_ = resumed.mark.line != 0;
  return resumed;
}

disk::Result<TreeFiles::Adopted> WriteStore::adopt(const std::stop_token& stop) {
  struct stat status;
  if (::fstat(files_->root(), &status) != 0)
    return disk::system_fault(errno, "look at", part_path_);
  if (!is_own(parent_.folder.get(), status, single())) return not_own();
  if (!single())
    return TreeFiles(files_->root(), layout_, part_path_, parent_.group).adopt(*unmade_, stop);
  const std::uint64_t size = layout_.manifest().size + disk::tag_size;
  const bool right = static_cast<std::uint64_t>(status.st_size) == size;
  if (!right)
    if (disk::Outcome sized = resize(files_->root(), size, part_path_); !sized)
      return sized.fault();
  return TreeFiles::Adopted{{static_cast<std::uint64_t>(status.st_blocks) * 512, 0},
                            std::vector<bool>(layout_.manifest().chunks(), !right),
                            disk::nanoseconds(status.st_ctim)};
}

disk::Result<std::shared_ptr<WriteStore>>
WriteStore::repair(disk::Folders::Parent parent, Layout layout, const std::stop_token& stop) {
  disk::Result<std::shared_ptr<WriteStore>> opened =
      open(Mode::repair, std::move(parent), std::move(layout));
  if (!opened) return opened.fault();
  if (disk::Outcome right = (*opened)->check_sizes(stop); !right) return right.fault();
  return opened;
}

// Opens each file once, which tells whether it can be written as well.
disk::Outcome WriteStore::check_sizes(const std::stop_token& stop) const {
  struct stat status;
  if (::fstat(files_->root(), &status) != 0)
    return disk::system_fault(errno, "look at", part_path_);
  if (single() && (!S_ISREG(status.st_mode) || status.st_nlink != 1 ||
                   static_cast<std::uint64_t>(status.st_size) != layout_.manifest().size))
    return not_own();
  for (Layout::FileIndex file = 0; file < layout_.files(); ++file) {
    if (stop.stop_requested()) return disk::fault(ECANCELED, "stopped");
    if (!layout_.has_file(file)) continue;
    if (const disk::Result<disk::SharedFd> open = files_->open(file); !open) return open.fault();
  }
  return {};
}

} // namespace p2pd::store
