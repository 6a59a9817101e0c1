// Looks at what is to be published: one file, or a folder with all that is in it, in the order of a
// manifest. Nothing is read but names and attributes.
//
// A folder is published as a whole: what cannot be in a content (a device, a symlink that leads out
// of the folder, a part of a fetch, what p2pd may not read) is an error that names it, never left
// out in silence. All of it is told at once. What the rules exclude is left out, and so is what a
// content cannot hold if they say so; that is listed.
//
// Thread: any. Blocking. Errors: as Fault; ECANCELED when it was told to stop.
#pragma once

#include "daemon/disk/attributes.hpp"
#include "daemon/disk/confine.hpp"
#include "daemon/disk/identity.hpp"
#include "daemon/store/layout.hpp"
#include "daemon/store/scan_rules.hpp"
#include "proto/manifest.hpp"

#include <memory>
#include <stop_token>

namespace p2pd::store {

struct Skipped {
  std::string path; // below the folder
  std::string why;  // "is a FIFO"
};

struct Scanned {
  std::shared_ptr<proto::Manifest> manifest; // without hashes, with the default chunk size
  std::vector<disk::Identity> identities;    // one for each file
  std::vector<Skipped> skipped;              // as a content cannot hold it; the first 1,000
  std::size_t skipped_in_all = 0;
  std::optional<disk::Attributes> attributes{}; // of a single file
};

// `path` is where it was opened, for errors. `beyond`: where symlinks may lead that are followed.
disk::Result<Scanned> scan(const disk::Folders::Opened& opened, const std::string& path,
                           const ScanRules& rules = {}, const disk::Folders* beyond = nullptr,
                           std::stop_token stop = {});

// The identities of the files that the layout chose, one for each of all its files, where what was
// opened has everything that it chose, of the same kind, size and target; nothing where it has not.
// What else lies in the folder does not matter. Times may differ, as copies do not keep them all.
disk::Result<std::optional<std::vector<disk::Identity>>>
find_content(const disk::Folders::Opened& opened, const std::string& path, const Layout& layout,
             const disk::Folders* beyond = nullptr, std::stop_token stop = {});

} // namespace p2pd::store
