// The last step of a fetch: what was fetched gets its name, and what had it before makes way. All
// of it happens in one folder, whose file system says what it can by what it refuses:
//
//   renameat2 with RENAME_EXCHANGE    old and new swap their names in one step
//   without (FUSE, vfat, NFS)         the old one is renamed to old_name(leaf), then the new one to
//                                     LEAF. After a crash between the two, undo_move() gives the
//                                     old one its name back
//
// The row of the transfer in the state database is the journal: it is not over before all of this
// is done and synced, and the name of what was moved aside follows from the destination's.
//
// Thread: any. Blocking.
#pragma once

#include "daemon/disk/outcome.hpp"

namespace p2pd::store {

struct Move {
  int folder;
  const std::string& part; // what was fetched, by its name in the folder
  const std::string& leaf; // the name that it gets
  const std::string& path; // where that is, for errors
  bool tree;               // it is a folder
};

// Of what is replaced, while two renames take the place of one, see part_name.hpp.
std::string old_name(const std::string& leaf);

// Never over something else: EEXIST then. Errors: false and errno.
bool rename_new(int folder, const std::string& from, const std::string& to);

// The name in the folder that what was replaced has now; "" where nothing was.
// EEXIST where something is there that may not be replaced, or is of another kind.
disk::Result<std::string> move_in(const Move& move, bool replace);

// Puts back what was moved aside when nothing came to its place. `path` is that of the leaf.
disk::Outcome undo_move(int folder, const std::string& leaf, const std::string& path);

} // namespace p2pd::store
