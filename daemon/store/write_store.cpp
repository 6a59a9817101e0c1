#include "daemon/store/write_store.hpp"

#include "daemon/base/log.hpp"
#include "daemon/disk/file_system.hpp"
#include "daemon/disk/open.hpp"
#include "daemon/disk/whereabouts.hpp"
#include "daemon/store/move_in.hpp"

#include <cerrno>
#include <fcntl.h>
#include <fmt/core.h>

namespace p2pd::store {

namespace {

// How long a write may take that is not over yet when p2pd is killed.
constexpr std::int64_t longest_write_ns = 100'000'000;

} // namespace

WriteStore::WriteStore(Mode mode, disk::Folders::Parent parent, disk::Fd root, Layout layout)
    : mode_(mode)
    , parent_(std::move(parent))
    , part_(part_of(mode, parent_.leaf))
    , part_path_(folder_of(parent_.path) + part_)
    , layout_(std::move(layout))
    , unmade_(mode == Mode::repair || single()
                  ? nullptr
                  : std::make_shared<Unmade>(layout_.files(), parent_.group))
    , tag_name_(single() ? "" : disk::tag_name(layout_.manifest()))
    , files_(std::make_shared<FileSet>(std::move(root), FileSet::Access::write, part_path_, layout_,
                                       std::vector<disk::Identity>(), unmade_)) {}

std::shared_ptr<const FileSet> WriteStore::files() const {
  const std::lock_guard lock(mutex_);
  return files_;
}

disk::Fault WriteStore::not_own() const {
  return mode_ == Mode::repair
             ? disk::fault(ESTALE,
                           fmt::format("{} is not what it was any more; publish it as it is, or "
                                       "fetch it again with --force",
                                       disk::in_quotes(part_path_)))
             : disk::fault(EEXIST, fmt::format("{} is not what p2pd made there; move it away",
                                               disk::in_quotes(part_path_)));
}

bool WriteStore::is_there() const {
  struct stat status;
  return ::fstat(files()->root(), &status) == 0 &&
         disk::key_of(parent_.folder.get(), part_) == disk::FileKey(status);
}

disk::Outcome WriteStore::check_folder() const {
  const std::string folder = folder_of(part_path_);
  struct stat status;
  if (::fstat(parent_.folder.get(), &status) != 0)
    return disk::system_fault(errno, "look at", folder);
  if (disk::key_of(folder) == disk::FileKey(status)) return {};
  return disk::fault(ENOENT,
                     fmt::format("the folder {} is not there any more; put it back, or restart "
                                 "p2pd when another one is in its place",
                                 disk::in_quotes(folder)));
}

disk::Outcome WriteStore::check_free_space() const {
  const std::shared_ptr<const FileSet> files = this->files();
  Space taken{files->left_out(), 0}; // all is made but for the files that are not there
  for (std::size_t i = 0; i < layout_.manifest().entries.size(); ++i)
    taken.files += layout_.has_entry(i) ? 1 : 0;
  for (Layout::FileIndex file = 0; file < layout_.files(); ++file) {
    struct stat status;
    if (::fstatat(files->root(), layout_.path(file).c_str(), &status,
                  AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH) == 0)
      taken.bytes += static_cast<std::uint64_t>(status.st_blocks) * 512;
    else if (layout_.has_file(file))
      --taken.files;
  }
  return store::check_free_space(parent_.folder.get(), layout_, taken, path());
}

WriteStore::Writing::Writing(const WriteStore& store) : store_(store), tagged_(store.tagged_) {
  if (!tagged_) return;
  ++store_.writers_;
  store_.note_writing(longest_write_ns);
}

WriteStore::Writing::~Writing() {
  if (tagged_ && --store_.writers_ == 0) store_.note_writing(0);
}

void WriteStore::note_writing(std::int64_t for_ns) const {
  const std::shared_ptr<const FileSet> files = this->files();
  if (single()) return disk::note_writing(files->root(), layout_.manifest(), for_ns);
  if (const disk::SharedFd tag = files->open_own(tag_name_))
    disk::note_writing(tag->get(), layout_.manifest(), for_ns);
}

disk::Outcome WriteStore::reserve_space(const MissingChunks& missing,
                                        const std::stop_token& stop) const {
  const Writing noted(*this);
  count_holes(*files(), missing);
  if (disk::Outcome space = check_free_space(); !space) return space;
  return reserve(*files(), missing, stop);
}

disk::PartMark WriteStore::look() const {
  struct stat status;
  if (::fstat(files()->root(), &status) != 0) return {};
  const disk::FileSystem system = disk::file_system_of(files()->root());
  return {0, 0, system.inodes_last ? status.st_ino : 0, system.id, 0};
}

void WriteStore::begin_line() {
  mark_ = look();
  mark_.line = disk::new_line();
}

disk::Outcome WriteStore::check_tag() const {
  if (mark_.step == 0) return {};
  disk::PartMark found;
  disk::get_tag(files()->root(), layout_.manifest(), found);
  if (found.line == mark_.line && found.step == mark_.step) return {};
  return disk::fault(ESTALE, fmt::format("{} was written by somebody else; it is hashed",
                                         disk::in_quotes(part_path_)));
}

// The tag first: what the database counts is to be there with it, or with a later one.
disk::Result<disk::PartMark> WriteStore::sync() {
  const std::lock_guard lock(syncing_);
  if (finished_) return mark_; // it is all on the disk, and has no tag any more
  if (mode_ == Mode::fetch) {
    if (disk::Outcome ours = check_tag(); !ours) return ours.fault();
    ++mark_.step;
    if (disk::Outcome put = disk::put_tag(files()->root(), layout_.manifest(), mark_, part_path_);
        !put)
      return put.fault();
    tagged_ = true;
    if (writers_ > 0) note_writing(longest_write_ns);
  }
  if ((single() ? ::fdatasync(files()->root()) : ::syncfs(files()->root())) != 0)
    return disk::system_fault(errno, "sync", part_path_);
  if (disk::Outcome there = check_folder(); !there) return there.fault();
  if (named_durably_) return mark_;
  if (::fsync(parent_.folder.get()) != 0)
    return disk::system_fault(errno, "sync the folder of", path());
  named_durably_ = true;
  return mark_;
}

void WriteStore::let_go(std::span<const proto::ChunkIndex> chunks) const {
  const proto::Manifest& manifest = layout_.manifest();
  for (const proto::ChunkIndex chunk : chunks)
    files()->dont_need(manifest.offset(chunk), manifest.length(chunk));
}

disk::Outcome WriteStore::finish(bool replace, const std::optional<disk::Attributes>& attributes) {
  const std::lock_guard lock(syncing_);
  std::vector<disk::Identity> identities;
  if (mode_ == Mode::fetch) {
    if (disk::Outcome ours = check_tag(); !ours) return ours;
    if (disk::Outcome removed = remove_tag(); !removed) return removed;
    mark_.step = 0; // there is none to be found any more
  }
  if (!single()) {
    if (disk::Outcome made = make_rest(); !made) return made;
    TreeFiles tree(files()->root(), layout_, part_path_, parent_.group);
    disk::Result<std::vector<disk::Identity>> completed = tree.complete();
    if (!completed) return completed.fault();
    identities = std::move(*completed);
  } else if (attributes) {
    disk::give(files()->root(), *attributes);
  }
  if ((single() ? ::fsync(files()->root()) : ::syncfs(files()->root())) != 0)
    return disk::system_fault(errno, "sync", part_path_);
  struct stat status;
  if (::fstat(files()->root(), &status) != 0)
    return disk::system_fault(errno, "look at", part_path_);
  if (disk::Outcome there = check_folder(); !there) return there;
  if (!is_there()) return not_own();
  if (single()) identities.emplace_back(status);
  if (mode_ == Mode::fetch)
    if (disk::Outcome put = put_in_place(replace); !put) return put;
  return reopen(std::move(identities));
}

// What no write has brought: files that are empty, or all zeros.
disk::Outcome WriteStore::make_rest() const {
  if (unmade_ == nullptr) return {};
  for (Layout::FileIndex file = 0; file < layout_.files(); ++file) {
    if (!layout_.has_file(file) || !unmade_->has(file)) continue;
    if (const disk::Result<disk::SharedFd> made = files()->open(file); !made) return made.fault();
  }
  return {};
}

disk::Outcome WriteStore::put_in_place(bool replace) {
  const int folder = parent_.folder.get();
  const disk::Result<std::string> old =
      move_in({folder, part_, parent_.leaf, path(), !single()}, replace);
  if (!old) return old.fault();
  if (::fsync(folder) != 0) return disk::system_fault(errno, "sync the folder of", path());
  replaced_ = !old->empty();
  return {};
}

disk::Outcome WriteStore::settle(const disk::Folders::Parent& parent) {
  return undo_move(parent.folder.get(), parent.leaf, parent.path);
}

// For reading alone: a program cannot be started while somebody could still write into its file.
disk::Outcome WriteStore::reopen(std::vector<disk::Identity> identities) {
  disk::Fd root = single() ? disk::open_fd(parent_.folder.get(), parent_.leaf.c_str(),
                                           O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
                           : disk::open_fd(files()->root(), ".", O_RDONLY | O_DIRECTORY);
  if (!root) return disk::system_fault(errno, "open", path());
  // Getting its name has changed it.
  struct stat status;
  if (single() && ::fstat(root.get(), &status) == 0)
    identities.front().changed_ns = disk::nanoseconds(status.st_ctim);
  auto files = std::make_shared<const FileSet>(std::move(root), FileSet::Access::read, path(),
                                               layout_, std::move(identities));
  if (single())
    if (disk::Outcome same = files->check_identities(); !same) return same;
  finished_ = true;
  const std::lock_guard lock(mutex_);
  files_ = std::move(files);
  return {};
}

bool WriteStore::leave() {
  if (mode_ == Mode::repair || !is_there()) return false;
  if (single()) {
    discard();
    return false;
  }
  if (unmade_ != nullptr) unmade_->close();
  drop_tag();
  return true;
}

// A file that is open when it is removed stays in the folder on NFS and FUSE, by another name.
disk::Outcome WriteStore::remove_tag() {
  if (tagged_.exchange(false) && !single()) files()->close();
  return disk::remove_tag(files()->root(), layout_.manifest(), part_path_);
}

void WriteStore::drop_tag() {
  if (const disk::Outcome removed = remove_tag(); !removed)
    base::log::warn("disk", "{}", removed.fault().message);
}

void WriteStore::discard() {
  if (mode_ == Mode::repair || !is_there()) return;
  if (unmade_ != nullptr) unmade_->close();
  if (!single()) {
    TreeFiles(files()->root(), layout_, part_path_, parent_.group).remove();
    drop_tag();
  }
  ::unlinkat(parent_.folder.get(), part_.c_str(), single() ? 0 : AT_REMOVEDIR);
}

} // namespace p2pd::store
