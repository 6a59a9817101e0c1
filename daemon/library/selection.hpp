// Which files of a tree are to be here, by globs: a file is chosen when its path below the tree, or
// that of a folder around it, matches one. "*" matches "/" too. Thread: any; pure.
#pragma once

#include "daemon/disk/outcome.hpp"
#include "daemon/store/layout.hpp"
#include "proto/chunk_set.hpp"

namespace p2pd::library {

// `only`: globs; none choose everything. ENOENT where nothing matches.
disk::Result<store::Layout> choose_files(std::shared_ptr<const proto::Manifest> manifest,
                                         const std::vector<std::string>& only);

// Chunks of which a part is to be here, or the whole: those can be offered to others.
proto::ChunkSet wanted_chunks(const store::Layout& layout);
proto::ChunkSet whole_chunks(const store::Layout& layout);
std::uint64_t bytes_of(const proto::Manifest& manifest, const proto::ChunkSet& chunks);

} // namespace p2pd::library
