// Whether a published or fetched content is unchanged at its path. Thread: any; blocking.
#pragma once

#include "daemon/disk/confine.hpp"
#include "daemon/store/read_store.hpp"

#include <memory>
#include <stop_token>

namespace p2pd::library {

// Whether the scanned tree has the names, types and sizes that the layout selects; times may
// differ, as copies do not preserve all of them.
bool same_shape(const proto::Manifest& scanned, const store::Layout& layout);

// The store of what was opened at `path` if every chunk of the content, or of the selection, hashes
// right; else null. Other files beside it do not matter. `beyond`: where symlinks may lead; null:
// none is followed.
using SharedFolders = std::shared_ptr<const disk::Folders>;
disk::Result<std::shared_ptr<const store::ReadStore>>
same_content(disk::Folders::Opened opened, const std::string& path, const store::Layout& layout,
             const SharedFolders& beyond, const std::stop_token& stop);

// What was known about the files when they were hashed.
struct Before {
  std::vector<disk::Identity> identities; // one for each file, present or not
  std::uint64_t system = 0;
};
// The same if only inodes differ that are not persistent: then a sample of the chunks is hashed.
// Null if only hashing all of them could tell.
disk::Result<std::shared_ptr<const store::ReadStore>>
same_by_sample(disk::Folders::Opened opened, const std::string& path, const store::Layout& layout,
               const Before& before, const SharedFolders& beyond, const std::stop_token& stop);

} // namespace p2pd::library
