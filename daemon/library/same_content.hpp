// Whether a published or fetched content lies unchanged where it is expected. Blocking work of the
// pool. Any thread; what is returned belongs to the caller.
#pragma once

#include "daemon/disk/confine.hpp"
#include "daemon/store/read_store.hpp"

#include <memory>
#include <stop_token>

namespace p2pd::library {

// Whether what was scanned has the names, kinds and sizes of what the layout chose; times may
// differ, as copies do not keep them all.
bool same_shape(const proto::Manifest& scanned, const store::Layout& layout);

// What was opened at `path`, if this very content, or what was chosen of it, is there, every chunk
// hashed; null where it is not. Other files beside it do not matter. `beyond`: where symlinks may
// lead; null: none is followed.
using SharedFolders = std::shared_ptr<const disk::Folders>;
disk::Result<std::shared_ptr<const store::ReadStore>>
same_content(disk::Folders::Opened opened, const std::string& path, const store::Layout& layout,
             const SharedFolders& beyond, const std::stop_token& stop);

// What was known of the files when they were hashed.
struct Before {
  std::vector<disk::Identity> identities; // one for each file, whether it is here or not
  std::uint64_t system = 0;
};
// The same where only inodes differ that do not last: then a sample of the chunks is hashed. Null
// where it takes all of them to say.
disk::Result<std::shared_ptr<const store::ReadStore>>
same_by_sample(disk::Folders::Opened opened, const std::string& path, const store::Layout& layout,
               const Before& before, const SharedFolders& beyond, const std::stop_token& stop);

} // namespace p2pd::library
