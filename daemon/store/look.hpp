// One entry of a folder that is to be published, or was: its kind, size and target, as a manifest
// has them. Thread: any. Blocking.
#pragma once

#include "daemon/disk/confine.hpp"
#include "daemon/disk/identity.hpp"
#include "daemon/store/scan_rules.hpp"
#include "proto/manifest.hpp"

#include <sys/stat.h>

namespace p2pd::store {

struct Tree {
  int root;               // its folder, open
  const std::string& top; // where that is
  SymlinkRule links = SymlinkRule::keep;
  const disk::Folders* beyond = nullptr; // where symlinks may lead that are followed; null: none is

  std::string full(const std::string& path) const { return path.empty() ? top : top + '/' + path; }
};

struct OpenedIn {
  disk::Fd fd;
  std::optional<disk::Guard> guard; // of what lies below it, where a symlink has led there
};
// A file or folder of the tree; "" is the tree itself.
disk::Result<OpenedIn> open_in(const Tree& tree, const std::string& path, int flags);

struct Looked {
  proto::Entry entry;
  disk::Identity identity;
  struct stat status {};
  std::string offence;  // why a content cannot hold it: "is a FIFO"; "" where it can
  bool special = false; // that is for what it is, and may be skipped
};
// `leaf` in `folder`, which lies at `path` below the tree.
disk::Result<Looked> look_at(const Tree& tree, int folder, const char* leaf, std::string path);

} // namespace p2pd::store
