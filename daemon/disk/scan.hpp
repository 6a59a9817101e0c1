// Looks at what is to be published: one file, or a folder with all that is in it, in the order of a
// manifest. Nothing is read but names and attributes.
//
// A folder is published whole or not at all: what cannot be (a device, a symlink that leads out of
// the tree, a hidden folder of a home) is an error that names it, never left out in silence.
//
// Thread: any. Blocking. Errors: as Fault; ECANCELED when it was told to stop.
#pragma once

#include "daemon/disk/confine.hpp"
#include "daemon/disk/identity.hpp"
#include "proto/manifest.hpp"

#include <memory>
#include <stop_token>

namespace p2pd::disk {

struct Scanned {
  std::shared_ptr<proto::Manifest> manifest; // without hashes, with the default chunk size
  std::vector<Identity> identities;          // one for each file
};

// `path` is where it was opened, for errors.
Result<Scanned> scan(const Folders::Opened& opened, const std::string& path,
                     std::stop_token stop = {});

} // namespace p2pd::disk
