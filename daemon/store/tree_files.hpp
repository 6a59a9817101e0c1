// The entries of a tree as they are made on the disk: folder by folder through descriptors, where
// no symlink is ever followed, and one descriptor at a time however deep the tree is. The files
// themselves are made by FileSet, when they are used first.
//
// Thread: any, one tree by one thread. Blocking.
#pragma once

#include "daemon/disk/beneath.hpp"
#include "daemon/disk/identity.hpp"
#include "daemon/disk/outcome.hpp"
#include "daemon/store/free_space.hpp"
#include "daemon/store/layout.hpp"
#include "daemon/store/unmade.hpp"

namespace p2pd::store {

class TreeFiles {
 public:
  // `root` is the tree's folder, open elsewhere; `path` is where it is, for errors. `group`: of
  // what is made, if it is to have another than it gets.
  TreeFiles(int root, const Layout& layout, std::string path, std::optional<gid_t> group)
      : root_(root), layout_(layout), path_(std::move(path)), group_(group) {}

  // The folders. Each must be new: a name that is there already was made by this very call, on a
  // file system that does not tell two names apart.
  disk::Outcome make_folders(const std::stop_token& stop);

  // Says which entry of the tree it is that has the name of this one already.
  disk::Fault in_the_way(const proto::Entry& late);

  // The same over what an earlier run left: makes the folders that are missing, sets sizes right,
  // and tells `unmade` which files there are.
  struct Adopted {
    Space taken;
    std::vector<bool> lost;      // by chunk: whether a file of it was missing or of another size
    std::int64_t changed_ns = 0; // when a file of it was changed last, however
  };
  disk::Result<Adopted> adopt(Unmade& unmade, const std::stop_token& stop);

  // Symlinks, and the times that are not right yet; and what the files are then, one identity for
  // each.
  disk::Result<std::vector<disk::Identity>> complete();

  void remove(); // what was made of the tree, and nothing else

 private:
  struct Spot {
    int folder;
    const char* leaf;
  };
  disk::Result<Spot> spot(const std::string& path);
  disk::Outcome make_folder(const proto::Entry& entry);
  disk::Outcome make_symlink(const proto::Entry& entry);
  disk::Result<struct stat> complete_file(const proto::Entry& entry);
  std::string full(const proto::Entry& entry) const { return path_ + '/' + entry.path; }

  template <class Action>
  disk::Outcome each(Action&& action); // of the chosen entries, in their order

  const int root_;
  const Layout& layout_;
  const std::string path_;
  const std::optional<gid_t> group_;
  std::string open_path_; // which folder is open
  disk::Fd open_;
};

} // namespace p2pd::store
