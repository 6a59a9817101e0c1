// The files of one content under one opened root, read and written as one row of bytes. The root is
// the file itself, or the folder of a tree, whose files are opened beneath it when they are used;
// symlinks are followed where it was said where they may lead, and nowhere else. Of files that were
// not chosen to be here, writes are left out and reads fail with ENODATA. A file that is still to
// be made is made when it is opened first, new and of its final size; one that is written as a
// whole has its final time from then on. Long runs of zeros are left as holes (sparse.hpp).
//
// What is open is in the cache of open_files.hpp, and so may be closed between two uses. The root
// itself stays open where a fetch writes, and where nobody said how it is opened again.
//
// Thread: any; several may read and write at the same time, each its own range. Blocking. Units:
// bytes. Errors: ESTALE when a file is shorter than it should be, is not what it was when its
// identity was taken, or was deleted, moved or replaced since; EEXIST when something has the name
// of one that is to be made.
#pragma once

#include "daemon/disk/confine.hpp"
#include "daemon/disk/identity.hpp"
#include "daemon/disk/open_files.hpp"
#include "daemon/disk/outcome.hpp"
#include "daemon/store/layout.hpp"
#include "daemon/store/unmade.hpp"

#include <array>
#include <atomic>
#include <functional>
#include <mutex>
#include <sys/uio.h>

namespace p2pd::store {

class FileSet {
 public:
  enum class Access : bool { read, write };

  // Opens the root again. Where it is another one by now, the identities tell.
  using Reopen = std::function<disk::Result<disk::Fd>()>;

  // `path` is where the root is, for errors. `identities` holds one for each file of the layout, or
  // none at all when they are not to be checked. `unmade`: of a tree that is written; null where
  // every file is there. `beyond`: where symlinks may lead; null: none is followed.
  FileSet(disk::Fd root, Access access, std::string path, Layout layout,
          std::vector<disk::Identity> identities, std::shared_ptr<Unmade> unmade = nullptr,
          std::shared_ptr<const disk::Folders> beyond = nullptr);
  // For reading, with identities. `root` may be none: it is opened when it is used.
  FileSet(disk::Fd root, Reopen reopen, std::string path, Layout layout,
          std::vector<disk::Identity> identities,
          std::shared_ptr<const disk::Folders> beyond = nullptr);
  ~FileSet();
  FileSet(const FileSet&) = delete;
  FileSet& operator=(const FileSet&) = delete;

  disk::Outcome read(proto::ByteOffset from, std::span<const iovec> into) const;
  disk::Outcome write(proto::ByteOffset to, proto::View bytes) const;

  // Whether the range is known to be nothing but zeros that take no room.
  bool is_hole(proto::ByteOffset from, std::uint64_t length) const;
  // What of all that was written takes no space, since it is zeros: of what was written here, and
  // of ranges that an earlier run has written, once they are counted.
  std::uint64_t left_out() const { return left_out_.load(std::memory_order_relaxed); }
  void count_holes(proto::ByteOffset from, std::uint64_t length) const;
  // Tell the kernel that the range will be read soon, or need not stay in its page cache: it lets
  // go of what is on the disk already. Short pieces of it are left as they are.
  void will_need(proto::ByteOffset from, std::uint64_t length) const;
  void dont_need(proto::ByteOffset from, std::uint64_t length) const;

  // `strict`: as after a restart, where inodes count on all file systems, and so does any change.
  disk::Outcome check_identities(bool strict = false) const;

  disk::Result<disk::SharedFd> open(Layout::FileIndex file) const;
  int root() const { return root_->get(); } // where it stays open
  // Of a tree that is written, a file of p2pd's own in its folder; null where it cannot be opened.
  disk::SharedFd open_own(const std::string& leaf) const;
  void close() const; // what is open now, but for the root
  const Layout& layout() const { return layout_; }
  const std::vector<disk::Identity>& identities() const { return identities_; }
  std::string path_of(Layout::FileIndex file) const;

 private:
  void advise(proto::ByteOffset from, std::uint64_t length, int advice) const;
  disk::Outcome make(Layout::FileIndex file) const;
  disk::Result<disk::SharedFd> hold_root() const;
  disk::Result<disk::Fd> open_new(Layout::FileIndex file) const;
  disk::Outcome check(Layout::FileIndex file, const struct stat& status, bool strict = false) const;
  disk::Result<bool> is_identical(Layout::FileIndex file, const struct stat& status,
                                  bool strict) const;
  disk::Outcome check_path() const;
  bool look_is_due() const;
  disk::Fault displaced() const;
  disk::Fault changed(Layout::FileIndex file, std::string_view how) const;

  const std::uint64_t number_; // of all sets that there were
  const disk::SharedFd root_;  // null: it may be closed
  const Reopen reopen_;
  Access access_;
  std::string path_;
  Layout layout_;
  std::vector<disk::Identity> identities_;
  const std::shared_ptr<Unmade> unmade_;
  const std::shared_ptr<const disk::Folders> beyond_;
  mutable std::atomic<std::int64_t> looked_ = 0; // at the path: seconds of the monotonic clock
  mutable std::atomic<std::uint64_t> left_out_ = 0;
  // Held while a file is written, by its index. The kernel writes one range of a file at a time as
  // well, but lets all others spin: a GiB into tmpfs by two threads costs 0.53 s of processor time
  // without, 0.33 with.
  mutable std::array<std::mutex, 16> writing_;
};

// What lies at `path` there.
FileSet::Reopen reopen_in(std::shared_ptr<const disk::Folders> folders, std::string path);

} // namespace p2pd::store
