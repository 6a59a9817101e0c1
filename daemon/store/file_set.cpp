#include "daemon/store/file_set.hpp"

#include "daemon/disk/beneath.hpp"
#include "daemon/disk/give_to.hpp"
#include "daemon/disk/open.hpp"
#include "daemon/disk/open_files.hpp"
#include "daemon/disk/sameness.hpp"
#include "daemon/disk/whereabouts.hpp"
#include "daemon/store/look.hpp"
#include "daemon/store/sparse.hpp"

#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>

namespace p2pd::store {

namespace {

// Walks along buffers that are to be filled, a stretch at a time.
class Scatter {
 public:
  explicit Scatter(std::span<const iovec> buffers) : left_(buffers) {}

  // The next buffers, of at most `most` bytes together.
  std::span<const iovec> next(std::uint64_t most) {
    std::size_t count = 0;
    std::size_t skip = used_;
    for (; count < part_.size() && count < left_.size() && most > 0; ++count, skip = 0) {
      const iovec& buffer = left_[count];
      const std::size_t length = std::min<std::uint64_t>(buffer.iov_len - skip, most);
      part_[count] = {static_cast<char*>(buffer.iov_base) + skip, length};
      most -= length;
    }
    return std::span(part_).first(count);
  }

  void advance(std::size_t bytes) {
    while (!left_.empty() && bytes >= left_.front().iov_len - used_) {
      bytes -= left_.front().iov_len - used_;
      left_ = left_.subspan(1);
      used_ = 0;
    }
    used_ += bytes;
  }

 private:
  std::span<const iovec> left_;
  std::size_t used_ = 0; // of the first that is left
  std::array<iovec, 64> part_;
};

// Among the open files of a set.
constexpr std::uint32_t the_root = UINT32_MAX;
constexpr std::uint32_t its_own = UINT32_MAX - 1;

std::uint64_t next_number() {
  static std::atomic<std::uint64_t> last = 0;
  return ++last;
}

// Now that it is open. Where this fails it is said when the tree is completed, which tries again.
void set_time(int file, std::int64_t mtime_ns) {
  const timespec times[2] = {{0, UTIME_OMIT}, disk::time_of(mtime_ns)};
  ::futimens(file, times);
}

} // namespace

FileSet::FileSet(disk::Fd root, Access access, std::string path, Layout layout,
                 std::vector<disk::Identity> identities, std::shared_ptr<Unmade> unmade,
                 std::shared_ptr<const disk::Folders> beyond)
    : number_(next_number())
    , root_(std::make_shared<disk::Fd>(std::move(root)))
    , access_(access)
    , path_(std::move(path))
    , layout_(std::move(layout))
    , identities_(std::move(identities))
    , unmade_(std::move(unmade))
    , beyond_(std::move(beyond)) {}

FileSet::FileSet(disk::Fd root, Reopen reopen, std::string path, Layout layout,
                 std::vector<disk::Identity> identities,
                 std::shared_ptr<const disk::Folders> beyond)
    : number_(next_number())
    , reopen_(std::move(reopen))
    , access_(Access::read)
    , path_(std::move(path))
    , layout_(std::move(layout))
    , identities_(std::move(identities))
    , beyond_(std::move(beyond)) {
  if (root)
    disk::open_files().keep({number_, the_root}, std::make_shared<disk::Fd>(std::move(root)));
}

FileSet::~FileSet() {
  close();
}

void FileSet::close() const {
  disk::open_files().forget(number_);
}

disk::Result<disk::SharedFd> FileSet::hold_root() const {
  if (root_ != nullptr) return root_;
  const disk::OpenFiles::Key key{number_, the_root};
  if (disk::SharedFd open = disk::open_files().find(key)) return open;
  disk::Result<disk::Fd> opened = reopen_();
  if (!opened)
    return opened.fault().is(ENOENT) || opened.fault().is(ENOTDIR) ? displaced() : opened.fault();
  const auto root = std::make_shared<const disk::Fd>(std::move(*opened));
  disk::open_files().keep(key, root);
  return disk::SharedFd(root);
}

std::string FileSet::path_of(Layout::FileIndex file) const {
  const std::string& below = layout_.path(file);
  return below.empty() ? path_ : path_ + '/' + below;
}

disk::Result<disk::SharedFd> FileSet::open(Layout::FileIndex file) const {
  if (!layout_.has_file(file))
    return disk::fault(ENODATA, fmt::format("{} was not fetched", disk::in_quotes(path_of(file))));
  if (unmade_ != nullptr)
    if (disk::Outcome made = unmade_->once(file, [&] { return make(file); }); !made)
      return made.fault();
  disk::SharedFd fd;
  if (!layout_.manifest().single_file()) {
    fd = disk::open_files().find({number_, file});
  } else if (disk::Result<disk::SharedFd> root = hold_root(); root) {
    fd = std::move(*root);
  } else {
    return root.fault();
  }
  const bool fresh = fd == nullptr;
  if (fresh) {
    disk::Result<disk::Fd> opened = open_new(file);
    if (!opened) return opened.fault();
    fd = std::make_shared<disk::Fd>(std::move(*opened));
  }
  if (fresh || !identities_.empty()) {
    struct stat status;
    if (::fstat(fd->get(), &status) != 0)
      return disk::system_fault(errno, "look at", path_of(file));
    if (disk::Outcome same = check(file, status); !same) return same.fault();
  }
  if (fresh) disk::open_files().keep({number_, file}, fd);
  return fd;
}

disk::Result<disk::Fd> FileSet::open_new(Layout::FileIndex file) const {
  const int flags = access_ == Access::write ? O_RDWR : O_RDONLY;
  const disk::Result<disk::SharedFd> root = hold_root();
  if (!root) return root.fault();
  const Tree tree{(*root)->get(), path_, SymlinkRule::keep, beyond_.get()};
  disk::Result<OpenedIn> opened = open_in(tree, layout_.path(file), flags);
  if (!opened) return opened.fault();
  return std::move(opened->fd);
}

disk::SharedFd FileSet::open_own(const std::string& leaf) const {
  const disk::OpenFiles::Key key{number_, its_own};
  if (disk::SharedFd open = disk::open_files().find(key)) return open;
  auto fd = std::make_shared<const disk::Fd>(
      disk::open_fd(root(), leaf.c_str(), O_RDWR | O_NOFOLLOW | O_NONBLOCK));
  if (!fd->valid()) return nullptr;
  disk::open_files().keep(key, fd);
  return fd;
}

disk::Outcome FileSet::make(Layout::FileIndex file) const {
  const proto::Entry& entry = layout_.entry(file);
  const mode_t mode = entry.kind == proto::Entry::Kind::executable ? 0777 : 0666;
  auto fd = std::make_shared<disk::Fd>(disk::open_beneath(
      root(), entry.path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, disk::Links::refuse, mode));
  if (!fd->valid() && errno == EEXIST)
    return disk::fault(EEXIST,
                       fmt::format("{} was made by somebody else just now, or is one name with "
                                   "another file there; choose another place with -o",
                                   disk::in_quotes(path_of(file))));
  if (!fd->valid()) return disk::make_fault(errno, path_of(file));
  disk::Outcome made = disk::give_to(unmade_->group(), fd->get(), "", path_of(file));
  if (made && entry.size > 0 && ::ftruncate(fd->get(), static_cast<off_t>(entry.size)) != 0)
    made = disk::system_fault(errno, "set the size of", path_of(file));
  if (!made) {
    const disk::Split name = disk::split(entry.path);
    const disk::Fd folder = disk::open_beneath(
        root(), name.folder, O_PATH | O_DIRECTORY | O_NOFOLLOW, disk::Links::refuse);
    if (folder) ::unlinkat(folder.get(), name.leaf.c_str(), 0); // so that it can be made again
    return made;
  }
  disk::open_files().keep({number_, file}, std::move(fd));
  return {};
}

disk::Result<bool> FileSet::is_identical(Layout::FileIndex file, const struct stat& status,
                                         bool strict) const {
  const disk::Identity found(status);
  if (strict && found.changed_since(identities_[file])) return false;
  if (found == identities_[file]) return true;
  if (strict) return false;
  const disk::Result<disk::SharedFd> root = hold_root();
  if (!root) return root.fault();
  return disk::agree(identities_[file], found, disk::file_system_of((*root)->get()));
}

disk::Outcome FileSet::check(Layout::FileIndex file, const struct stat& status, bool strict) const {
  disk::Result<bool> same = static_cast<std::uint64_t>(status.st_size) == layout_.size(file);
  if (!identities_.empty()) same = is_identical(file, status, strict);
  if (!same) return same.fault();
  if (!*same || !S_ISREG(status.st_mode)) return changed(file, "is not what it was any more");
  // Under another name as well, a write would go into a file that is not of this content.
  if (access_ == Access::write && status.st_nlink > 1)
    return changed(file, "is not what it was any more");
  // Some FUSE file systems give every file 0 links, so its name is asked for as well.
  if (access_ == Access::read && status.st_nlink == 0 &&
      disk::key_of(path_of(file)) != disk::FileKey(status))
    return changed(file, "was deleted");
  return {};
}

// What is open here is the same whatever becomes of its name, and keeps its space until it is
// closed. Other errors than these tell nothing of the file.
disk::Outcome FileSet::check_path() const {
  const disk::Result<disk::SharedFd> root = hold_root();
  if (!root) return root.fault();
  struct stat opened;
  struct stat named;
  if (::fstat((*root)->get(), &opened) != 0) return disk::system_fault(errno, "look at", path_);
  const bool there = ::stat(path_.c_str(), &named) == 0;
  const bool gone =
      there ? disk::FileKey(named) != disk::FileKey(opened) : errno == ENOENT || errno == ENOTDIR;
  return gone ? disk::Outcome(displaced()) : disk::Outcome();
}

disk::Fault FileSet::displaced() const {
  return disk::fault(ESTALE, fmt::format("{} was deleted, moved or replaced; publish it again",
                                         disk::in_quotes(path_)));
}

bool FileSet::look_is_due() const {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  const std::int64_t second = std::chrono::duration_cast<std::chrono::seconds>(now).count();
  return looked_.exchange(second, std::memory_order_relaxed) != second;
}

disk::Fault FileSet::changed(Layout::FileIndex file, std::string_view how) const {
  return disk::fault(
      ESTALE,
      fmt::format("{} {}; {}", disk::in_quotes(path_of(file)), how,
                  access_ == Access::read ? "publish it again" : "fetch it again from the start"));
}

disk::Outcome FileSet::read(proto::ByteOffset from, std::span<const iovec> into) const {
  std::uint64_t length = 0;
  for (const iovec& buffer : into) length += buffer.iov_len;
  if (!identities_.empty() && look_is_due())
    if (disk::Outcome there = check_path(); !there) return there;
  Scatter scatter(into);
  disk::Outcome outcome;
  layout_.each_piece(from, length, [&](Layout::Piece piece) {
    const disk::Result<disk::SharedFd> fd = open(piece.file);
    if (!fd) {
      outcome = fd.fault();
      return false;
    }
    while (piece.length > 0) {
      const std::span<const iovec> part = scatter.next(piece.length);
      const ssize_t got = ::preadv((*fd)->get(), part.data(), static_cast<int>(part.size()),
                                   static_cast<off_t>(piece.offset));
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) {
        outcome = got < 0 ? disk::system_fault(errno, "read", path_of(piece.file))
                          : changed(piece.file, "became shorter");
        return false;
      }
      scatter.advance(static_cast<std::size_t>(got));
      piece.offset += static_cast<std::uint64_t>(got);
      piece.length -= static_cast<std::uint64_t>(got);
    }
    return true;
  });
  return outcome;
}

disk::Outcome FileSet::write(proto::ByteOffset to, proto::View bytes) const {
  disk::Outcome outcome;
  layout_.each_piece(to, bytes.size(), [&](Layout::Piece piece) {
    if (!layout_.has_file(piece.file)) {
      bytes = bytes.subspan(piece.length);
      return true;
    }
    const disk::Result<disk::SharedFd> fd = open(piece.file);
    if (!fd) {
      outcome = fd.fault();
      return false;
    }
    const bool whole =
        !layout_.manifest().single_file() && piece.length == layout_.size(piece.file);
    const std::lock_guard lock(writing_[piece.file % writing_.size()]);
    std::uint64_t left_out = 0;
    const int failed =
        write_sparsely((*fd)->get(), piece.offset, bytes.first(piece.length), left_out);
    left_out_.fetch_add(left_out, std::memory_order_relaxed);
    if (failed != 0) {
      outcome = disk::system_fault(failed, "write", path_of(piece.file));
      return false;
    }
    bytes = bytes.subspan(piece.length);
    if (whole) set_time((*fd)->get(), layout_.entry(piece.file).mtime_ns);
    return true;
  });
  return outcome;
}

bool FileSet::is_hole(proto::ByteOffset from, std::uint64_t length) const {
  return layout_.each_piece(from, length, [&](const Layout::Piece& piece) {
    const disk::Result<disk::SharedFd> fd = open(piece.file);
    if (!fd) return false;
    const off_t data = ::lseek((*fd)->get(), static_cast<off_t>(piece.offset), SEEK_DATA);
    if (data < 0) return errno == ENXIO; // none up to the file's end
    return static_cast<std::uint64_t>(data) >= piece.offset + piece.length;
  });
}

void FileSet::count_holes(proto::ByteOffset from, std::uint64_t length) const {
  layout_.each_piece(from, length, [&](const Layout::Piece& piece) {
    if (!layout_.has_file(piece.file) || piece.length < least_hole) return true;
    if (const disk::Result<disk::SharedFd> fd = open(piece.file))
      left_out_.fetch_add(holes_in((*fd)->get(), piece.offset, piece.length),
                          std::memory_order_relaxed);
    return true;
  });
}

void FileSet::will_need(proto::ByteOffset from, std::uint64_t length) const {
  advise(from, length, POSIX_FADV_WILLNEED);
}

void FileSet::dont_need(proto::ByteOffset from, std::uint64_t length) const {
  advise(from, length, POSIX_FADV_DONTNEED);
}

void FileSet::advise(proto::ByteOffset from, std::uint64_t length, int advice) const {
  constexpr std::uint64_t worth_a_call = 128 << 10; // what the kernel reads ahead by itself
  layout_.each_piece(from, length, [&](const Layout::Piece& piece) {
    if (piece.length < worth_a_call) return true;
    const disk::Result<disk::SharedFd> fd = open(piece.file);
    if (fd)
      ::posix_fadvise((*fd)->get(), static_cast<off_t>(piece.offset),
                      static_cast<off_t>(piece.length), advice);
    return true;
  });
}

disk::Outcome FileSet::check_identities(bool strict) const {
  const disk::Result<disk::SharedFd> root = hold_root();
  if (!root) return root.fault();
  for (Layout::FileIndex file = 0; file < identities_.size(); ++file) {
    if (!layout_.has_file(file)) continue;
    const std::string& below = layout_.path(file);
    struct stat status;
    const int failed = below.empty()
                           ? ::fstat((*root)->get(), &status)
                           : ::fstatat((*root)->get(), below.c_str(), &status, AT_SYMLINK_NOFOLLOW);
    if (failed != 0) return disk::system_fault(errno, "look at", path_of(file));
    if (S_ISLNK(status.st_mode) && beyond_ != nullptr) {
      const disk::Result<disk::Fd> behind = open_new(file);
      if (!behind) return behind.fault();
      if (::fstat(behind->get(), &status) != 0)
        return disk::system_fault(errno, "look at", path_of(file));
    }
    if (disk::Outcome same = check(file, status, strict); !same) return same;
  }
  return identities_.empty() ? disk::Outcome() : check_path();
}

FileSet::Reopen reopen_in(std::shared_ptr<const disk::Folders> folders, std::string path) {
  return [folders = std::move(folders), path = std::move(path)]() -> disk::Result<disk::Fd> {
    disk::Result<disk::Folders::Opened> opened = folders->open_file(path, O_RDONLY);
    if (!opened) return opened.fault();
    return std::move(opened->fd);
  };
}

} // namespace p2pd::store
