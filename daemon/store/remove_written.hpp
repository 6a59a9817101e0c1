// Removes what p2pd wrote of a content, and nothing else: neither what others put into a tree, nor
// what they have changed since, nor anything in a file system that is mounted below it.
//
// A file is as it was written when its identity is the one that was recorded then. Where only time
// or inode differ, as after a copy to another disk, its chunks are hashed; a chunk that is not
// right counts against each of the files in it that are in doubt.
//
// Thread: any. Blocking; a large tree takes minutes. Units: bytes.
#pragma once

#include "daemon/disk/identity.hpp"
#include "daemon/disk/outcome.hpp"
#include "daemon/store/layout.hpp"

#include <stop_token>

namespace p2pd::store {

enum class Rest : std::uint8_t {
  none,    // all of it is gone
  strange, // what is left is not p2pd's own, or cannot be removed
  unknown, // told to stop before the end
  later,   // for now it cannot be known whose it is: nothing was removed
};

// What `folder` holds under the name `leaf`, a file or a tree. `path` is where that is, for errors.
// `identities`: one for each file of the layout; none at all for the part of a fetch, in which
// everything that has the name of an entry is p2pd's own.
Rest remove_written(int folder, const std::string& leaf, const std::string& path,
                    const Layout& layout, const std::vector<disk::Identity>& identities,
                    const std::stop_token& stop);

// Where p2pd wrote none of it: strange, if there is something.
Rest rest_of(int folder, const std::string& leaf);

} // namespace p2pd::store
