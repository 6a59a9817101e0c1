#include "daemon/disk/write_store.hpp"

#include "daemon/base/log.hpp"
#include "daemon/disk/remove_tree.hpp"
#include "daemon/disk/tree_files.hpp"
#include "daemon/disk/whereabouts.hpp"

#include <cerrno>
#include <fcntl.h>
#include <fmt/core.h>

namespace p2pd::disk {

namespace {

constexpr int folder_flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
constexpr int file_flags = O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;

std::string part_of(const std::string& name) {
  return name + ".part";
}

Fd make_part(int folder, const std::string& part, bool single) {
  if (single) return Fd(::openat(folder, part.c_str(), file_flags | O_CREAT | O_EXCL, 0666));
  if (::mkdirat(folder, part.c_str(), 0777) != 0) return Fd();
  return Fd(::openat(folder, part.c_str(), folder_flags));
}

// What this process or an earlier one of the same user may have made.
bool is_own(const struct stat& status, bool single) {
  return status.st_uid == ::geteuid() &&
         (single ? S_ISREG(status.st_mode) && status.st_nlink == 1 : S_ISDIR(status.st_mode));
}

Outcome resize(int file, std::uint64_t size, const std::string& path) {
  if (::ftruncate(file, static_cast<off_t>(size)) == 0) return {};
  return system_fault(errno, "set the size of", path);
}

} // namespace

WriteStore::WriteStore(Folders::Parent parent, Fd root, Layout layout)
    : parent_(std::move(parent))
    , part_(part_of(parent_.leaf))
    , part_path_(part_of(parent_.path))
    , layout_(std::move(layout))
    , files_(std::make_shared<FileSet>(std::move(root), FileSet::Access::write, part_path_, layout_,
                                       std::vector<Identity>())) {}

std::shared_ptr<const FileSet> WriteStore::files() const {
  const std::lock_guard lock(mutex_);
  return files_;
}

Fault WriteStore::not_own() const {
  return fault(EEXIST,
               fmt::format("{} is not what p2pd made there; move it away", in_quotes(part_path_)));
}

Result<std::shared_ptr<WriteStore>> WriteStore::create(Folders::Parent parent, Layout layout,
                                                       const std::stop_token& stop) {
  const int folder = parent.folder.get();
  if (Outcome room = disk::check_room(folder, layout, {}, parent.path); !room) return room.fault();
  Fd root = make_part(folder, part_of(parent.leaf), layout.manifest().single_file());
  if (!root && errno == EEXIST)
    return fault(EEXIST, fmt::format("{} is there already and belongs to no transfer; remove it or "
                                     "choose another place with -o",
                                     in_quotes(part_of(parent.path))));
  if (!root) return system_fault(errno, "make", part_of(parent.path));
  std::shared_ptr<WriteStore> store(
      new WriteStore(std::move(parent), std::move(root), std::move(layout)));
  if (Outcome done = store->lay_out(stop); !done) {
    store->discard();
    return done.fault();
  }
  return store;
}

Outcome WriteStore::lay_out(const std::stop_token& stop) {
  if (single()) {
    if (Outcome sized = resize(files_->root(), layout_.manifest().size, part_path_); !sized)
      return sized;
  } else {
    TreeFiles tree(files_->root(), layout_, part_path_);
    if (Outcome made = tree.make(stop); !made) return made;
  }
  return reserve(*files_, stop);
}

Result<WriteStore::Resumed> WriteStore::resume(Folders::Parent parent, Layout layout,
                                               const std::stop_token& stop) {
  const int flags = layout.manifest().single_file() ? file_flags : folder_flags;
  Fd root(::openat(parent.folder.get(), part_of(parent.leaf).c_str(), flags));
  if (!root) return system_fault(errno, "open", part_of(parent.path));
  Resumed resumed{std::shared_ptr<WriteStore>(
      new WriteStore(std::move(parent), std::move(root), std::move(layout)))};
  const WriteStore& store = *resumed.store;
  const Result<Space> taken = resumed.store->adopt(stop, resumed.intact);
  if (!taken) return taken.fault();
  if (Outcome room =
          disk::check_room(store.parent_.folder.get(), store.layout_, *taken, store.path());
      !room)
    return room.fault();
  if (Outcome reserved = reserve(*store.files_, stop); !reserved) return reserved.fault();
  return resumed;
}

Result<Space> WriteStore::adopt(const std::stop_token& stop, bool& intact) {
  struct stat status;
  if (::fstat(files_->root(), &status) != 0) return system_fault(errno, "look at", part_path_);
  if (!is_own(status, single())) return not_own();
  if (!single()) {
    TreeFiles tree(files_->root(), layout_, part_path_);
    const Result<TreeFiles::Adopted> adopted = tree.adopt(stop);
    if (!adopted) return adopted.fault();
    intact = adopted->intact;
    return adopted->taken;
  }
  intact = static_cast<std::uint64_t>(status.st_size) == layout_.manifest().size;
  if (!intact)
    if (Outcome sized = resize(files_->root(), layout_.manifest().size, part_path_); !sized)
      return sized.fault();
  return Space{static_cast<std::uint64_t>(status.st_blocks) * 512, 0};
}

Outcome WriteStore::check_room() const {
  const std::shared_ptr<const FileSet> files = this->files();
  Space taken{0, layout_.manifest().entries.size()}; // all of them are made
  for (Layout::FileIndex file = 0; file < layout_.files(); ++file) {
    struct stat status;
    if (::fstatat(files->root(), layout_.path(file).c_str(), &status,
                  AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH) == 0)
      taken.bytes += static_cast<std::uint64_t>(status.st_blocks) * 512;
  }
  return disk::check_room(parent_.folder.get(), layout_, taken, path());
}

Outcome WriteStore::sync() {
  if ((single() ? ::fdatasync(files_->root()) : ::syncfs(files_->root())) != 0)
    return system_fault(errno, "sync", part_path_);
  if (named_durably_) return {};
  if (::fsync(parent_.folder.get()) != 0) return system_fault(errno, "sync the folder of", path());
  named_durably_ = true;
  return {};
}

Outcome WriteStore::finish(bool replace) {
  std::vector<Identity> identities;
  if (!single()) {
    TreeFiles tree(files_->root(), layout_, part_path_);
    Result<std::vector<Identity>> completed = tree.complete();
    if (!completed) return completed.fault();
    identities = std::move(*completed);
  }
  if ((single() ? ::fsync(files_->root()) : ::syncfs(files_->root())) != 0)
    return system_fault(errno, "sync", part_path_);
  struct stat status;
  if (::fstat(files_->root(), &status) != 0) return system_fault(errno, "look at", part_path_);
  if (key_of(parent_.folder.get(), part_) != FileKey(status)) return not_own();
  if (single()) identities.emplace_back(status);

  const Result<Old> old = move_in(replace);
  if (!old) return old.fault();
  if (::fsync(parent_.folder.get()) != 0) return system_fault(errno, "sync the folder of", path());
  if (*old == Old::swapped)
    if (const Outcome removed = remove_tree(parent_.folder.get(), part_, part_path_); !removed)
      base::log::warn("disk", "a rest of what was replaced stays: {}", removed.fault().message);
  return reopen(std::move(identities));
}

Result<WriteStore::Old> WriteStore::move_in(bool replace) {
  const int folder = parent_.folder.get();
  const auto rename = [&](unsigned flags) {
    return ::renameat2(folder, part_.c_str(), folder, parent_.leaf.c_str(), flags) == 0;
  };
  if (rename(RENAME_NOREPLACE)) return Old::none;
  struct stat there;
  const bool is_there = ::fstatat(folder, parent_.leaf.c_str(), &there, AT_SYMLINK_NOFOLLOW) == 0;
  // A file system that cannot tell us whether it would replace something: look first, then rename.
  if (!is_there && rename(0)) return Old::none;
  if (!is_there) return system_fault(errno, "rename to", path());
  if (!replace)
    return fault(EEXIST, fmt::format("{} is there already; replace it with --force or choose "
                                     "another place with -o",
                                     in_quotes(path())));
  if (S_ISDIR(there.st_mode) == single())
    return fault(EEXIST, fmt::format("{} is a {}, which this content cannot replace; remove it or "
                                     "choose another place with -o",
                                     in_quotes(path()), single() ? "folder" : "file"));
  if (!rename(single() ? 0 : RENAME_EXCHANGE)) return system_fault(errno, "replace", path());
  return single() ? Old::none : Old::swapped;
}

// For reading alone: a program cannot be started while somebody could still write into its file.
Outcome WriteStore::reopen(std::vector<Identity> identities) {
  Fd root(single() ? ::openat(parent_.folder.get(), parent_.leaf.c_str(),
                              O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
                   : ::openat(files_->root(), ".", folder_flags));
  if (!root) return system_fault(errno, "open", path());
  auto files = std::make_shared<const FileSet>(std::move(root), FileSet::Access::read, path(),
                                               layout_, std::move(identities));
  if (single())
    if (Outcome same = files->check_identities(); !same) return same;
  const std::lock_guard lock(mutex_);
  files_ = std::move(files);
  return {};
}

void WriteStore::discard() {
  const int folder = parent_.folder.get();
  struct stat status;
  if (::fstat(files_->root(), &status) != 0 || key_of(folder, part_) != FileKey(status)) return;
  if (!single()) TreeFiles(files_->root(), layout_, part_path_).remove();
  ::unlinkat(folder, part_.c_str(), single() ? 0 : AT_REMOVEDIR);
}

} // namespace p2pd::disk
