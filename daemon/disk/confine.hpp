// Which folders p2pd may publish from or fetch into, and which of its own files in them are off
// limits.
//
// Nothing is decided by comparing strings: they only suggest where to look. A path is opened
// beneath its root by descriptor (beneath.hpp), then the location of the opened object is
// determined from folder to folder upwards by device and inode: whichever is met first, an allowed
// root or something of p2pd's own, decides. So state_dir/downloads may be a root inside a forbidden
// state_dir, and neither a symlink nor a bind mount nor a hard link to the secret gets past it.
//
// Roots are looked up at each use: they may be mounted later, and they are named by the
// administrator, who is trusted.
//
// Thread: any. Blocking. Errors: EPERM for what is outside, hidden or p2pd's own.
#pragma once

#include "daemon/disk/beneath.hpp"
#include "daemon/disk/outcome.hpp"

#include <mutex>
#include <vector>

namespace p2pd::disk {

struct Root {
  std::string path;   // absolute
  bool hidden = true; // false: hidden folders below it are refused (in users' homes)
};

// What must not be encountered while an open tree is traversed.
struct Guard {
  std::vector<FileKey> forbidden;
  std::vector<FileKey> roots; // a hidden folder among them is allowed, as the config names it
  bool hidden = true;

  Outcome admit(const struct stat& status, std::string_view path) const;
};

class Folders {
 public:
  enum class Purpose : std::uint8_t { publish, fetch }; // for error messages
  enum class Missing : bool { refuse, create };         // folders on the way to a destination

  // `forbidden` are files and folders that exist, or will.
  Folders(Purpose purpose, std::vector<Root> roots, std::vector<std::string> forbidden);

  void forbid(std::vector<std::string> files); // replaces the earlier ones
  // The group of what is made there. Call before the first use.
  void set_group(std::optional<gid_t> group) { group_ = group; }

  struct Opened {
    Fd fd;
    Guard guard; // for what is below it
  };
  // A file or a folder; symlinks that stay beneath their root are followed.
  Result<Opened> open_file(const std::string& path, int flags) const;

  struct Parent {
    Fd folder;                    // readable, so that it can be synced
    std::string leaf;             // a plain name in it, which may exist or not
    std::string path;             // as requested, for errors
    std::optional<gid_t> group{}; // of what is made there
  };
  // Where a fetch may make `path`. Whatever has that name already neither is nor contains p2pd's
  // own.
  Result<Parent> open_parent(const std::string& path, Missing missing) const;

  // The path below its root, as others may see it; by the string alone.
  std::string relative(std::string_view path) const;

 private:
  struct Place { // one reading of a path: `rest` below this root
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
