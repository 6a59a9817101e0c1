// Which files of a tree are selected, by globs: a file is selected if its path below the tree, or
// that of a folder that contains it, matches one. "*" matches "/" as well. Thread: any; pure.
#pragma once

#include "daemon/disk/outcome.hpp"
#include "daemon/store/layout.hpp"
#include "proto/chunk_set.hpp"

namespace p2pd::library {

// `only`: globs; none select everything. ENOENT if nothing matches.
disk::Result<store::Layout> choose_files(std::shared_ptr<const proto::Manifest> manifest,
                                         const std::vector<std::string>& only);

// The chunks that are selected in part, and those that are selected whole: only these can be
// offered.
proto::ChunkSet wanted_chunks(const store::Layout& layout);
proto::ChunkSet whole_chunks(const store::Layout& layout);
std::uint64_t bytes_of(const proto::Manifest& manifest, const proto::ChunkSet& chunks);

} // namespace p2pd::library
