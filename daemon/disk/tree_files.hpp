// The entries of a tree as they are made on the disk: folder by folder through descriptors, where
// no symlink is ever followed, and one descriptor at a time however deep the tree is.
//
// Thread: any, one tree by one thread. Blocking.
#pragma once

#include "daemon/disk/beneath.hpp"
#include "daemon/disk/identity.hpp"
#include "daemon/disk/layout.hpp"
#include "daemon/disk/outcome.hpp"
#include "daemon/disk/room.hpp"

namespace p2pd::disk {

class TreeFiles {
 public:
  // `root` is the tree's folder, open elsewhere; `path` is where it is, for errors.
  TreeFiles(int root, const Layout& layout, std::string path)
      : root_(root), layout_(layout), path_(std::move(path)) {}

  // Folders, and files of their final size. Each must be new: a name that is there already was made
  // by this very call, on a file system that does not tell two names apart.
  Outcome make(const std::stop_token& stop);

  // The same over what an earlier run left: makes what is missing and sets sizes right.
  struct Adopted {
    Space taken;
    bool intact = true; // false: something was not as it had been left
  };
  Result<Adopted> adopt(const std::stop_token& stop);

  // Symlinks, times; and what the files are then, one identity for each.
  Result<std::vector<Identity>> complete();

  void remove(); // what make() made, and nothing else

 private:
  struct Spot {
    int folder;
    const char* leaf;
  };
  Result<Spot> spot(const std::string& path);
  Outcome make_one(const proto::Entry& entry);
  Outcome make_symlink(const proto::Entry& entry);
  Fault in_the_way(std::size_t entry);
  std::string full(const proto::Entry& entry) const { return path_ + '/' + entry.path; }

  template <class Action>
  Outcome each(Action&& action); // of the chosen entries, in their order

  const int root_;
  const Layout& layout_;
  const std::string path_;
  std::string open_path_; // which folder is open
  Fd open_;
};

} // namespace p2pd::disk
