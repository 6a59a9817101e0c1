// The files of one content under one opened root, read and written as one row of bytes. The root is
// the file itself, or the folder of a tree, whose files are opened beneath it when they are used;
// symlinks are never followed. Of files that were not chosen to be here, writes are left out and
// reads fail with ENODATA.
//
// Thread: any; several may read and write at the same time, each its own range. Blocking. Units:
// bytes. Errors: ESTALE when a file is shorter than it should be, or is not what it was when its
// identity was taken.
#pragma once

#include "daemon/disk/identity.hpp"
#include "daemon/disk/layout.hpp"
#include "daemon/disk/open_files.hpp"
#include "daemon/disk/outcome.hpp"

#include <sys/uio.h>

namespace p2pd::disk {

class FileSet {
 public:
  enum class Access : bool { read, write };

  // `path` is where the root is, for errors. `identities` holds one for each file of the layout, or
  // none at all when they are not to be checked.
  FileSet(Fd root, Access access, std::string path, Layout layout,
          std::vector<Identity> identities);

  Outcome read(proto::ByteOffset from, std::span<const iovec> into) const;
  Outcome write(proto::ByteOffset to, proto::View bytes) const;

  // Whether the range is known to be nothing but zeros that take no room.
  bool is_hole(proto::ByteOffset from, std::uint64_t length) const;
  // Tells the kernel that the range will be read soon.
  void will_need(proto::ByteOffset from, std::uint64_t length) const;

  Outcome check_identities() const;

  Result<SharedFd> open(Layout::FileIndex file) const;
  int root() const { return root_->get(); }
  const Layout& layout() const { return layout_; }
  const std::vector<Identity>& identities() const { return identities_; }
  std::string path_of(Layout::FileIndex file) const;

 private:
  Outcome check(Layout::FileIndex file, const struct stat& status) const;
  Fault changed(Layout::FileIndex file, std::string_view how) const;

  SharedFd root_;
  Access access_;
  std::string path_;
  Layout layout_;
  std::vector<Identity> identities_;
  mutable OpenFiles open_;
};

} // namespace p2pd::disk
