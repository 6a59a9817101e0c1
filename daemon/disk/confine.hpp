// Which folders p2pd may publish from or fetch into, and what of its own it must leave alone there.
//
// Nothing is decided by comparing strings: they only suggest where to look. A path is opened
// beneath its root by descriptor (beneath.hpp), and then the opened thing itself is asked where it
// lies, from folder to folder upwards by device and inode: whichever is met first, an allowed root
// or something of p2pd's own, decides. So state_dir/downloads may be a root inside of a forbidden
// state_dir, and neither a symlink nor a bind mount nor a hard link to the secret gets past it.
//
// Roots are looked up at each use: they may be mounted later, and they are named by the
// administrator, whom we trust.
//
// Thread: any. Blocking. Errors: EPERM for what lies outside, is hidden or is p2pd's own.
#pragma once

#include "daemon/disk/beneath.hpp"
#include "daemon/disk/outcome.hpp"

#include <mutex>
#include <vector>

namespace p2pd::disk {

struct Root {
  std::string path;   // absolute
  bool hidden = true; // false: hidden folders below it are refused (those of a person's home)
};

// What must not be met on the way through an opened tree.
struct Guard {
  std::vector<FileKey> forbidden;
  std::vector<FileKey> roots; // a hidden folder that is one of them was allowed by its name
  bool hidden = true;

  Outcome admit(const struct stat& status, std::string_view path) const;
};

class Folders {
 public:
  enum class Purpose : std::uint8_t { publish, fetch }; // for the words of errors
  enum class Missing : bool { refuse, create };         // folders on the way to a destination

  // `forbidden` are files and folders that exist, or will.
  Folders(Purpose purpose, std::vector<Root> roots, std::vector<std::string> forbidden);

  void forbid(std::vector<std::string> files); // these, from now on, in place of those before
  // Of what is made there. Before the first use.
  void set_group(std::optional<gid_t> group) { group_ = group; }

  struct Opened {
    Fd fd;
    Guard guard; // for what lies below it
  };
  // A file or a folder; symlinks that stay beneath their root are followed.
  Result<Opened> open_file(const std::string& path, int flags) const;

  struct Parent {
    Fd folder;                    // readable, so that it can be synced
    std::string leaf;             // a plain name in it, of something that may be there or not
    std::string path;             // as it was asked for, for errors
    std::optional<gid_t> group{}; // of what is made there
  };
  // Where a fetch may make `path`. What has that name already is not p2pd's own, nor holds it.
  Result<Parent> open_parent(const std::string& path, Missing missing) const;

  // The path below its root, as others may see it; by the string alone.
  std::string relative(std::string_view path) const;

 private:
  struct Place { // one way to look at a path: below this root, by this rest
    const Root* root;
    std::string rest;
  };
  struct Places {
    std::vector<Place> list;
    int cause = 0; // an errno: why a symlink on the way could not be read
  };
  Places places(const std::string& path) const;
  Result<Opened> open_at(Place place, const std::string& path, int flags) const;
  Result<Parent> parent_at(const Place& place, const std::string& path, Missing missing) const;
  Result<Guard> guard_at(int folder, const std::string& path) const;
  Outcome check_leaf(int folder, const std::string& leaf, const std::string& path) const;
  Fault outside(std::string_view path) const;
  Fault not_found(const Places& places, const std::string& path) const;
  std::vector<std::string> forbidden() const;

  Purpose purpose_;
  std::optional<gid_t> group_;
  std::vector<Root> roots_;  // the longest first
  mutable std::mutex mutex_; // of what follows
  std::vector<std::string> forbidden_;
};

} // namespace p2pd::disk
