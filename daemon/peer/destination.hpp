// Where a fetch puts what it gets. Blocking work of the pool, before the first chunk is asked for.
// Any thread; what is returned belongs to the caller.
#pragma once

#include "daemon/disk/confine.hpp"
#include "daemon/disk/write_store.hpp"
#include "proto/chunk_set.hpp"

#include <filesystem>
#include <memory>

namespace p2pd::peer {

struct Destination {
  std::string path; // absolute; ends with '/' where it is a folder
  std::string name; // of the content, in that folder
  bool replace = false;
};

struct Prepared {
  std::string path;                            // the final one
  std::optional<disk::Fault> fault;            // then nothing of the rest
  std::shared_ptr<const disk::Store> existing; // the same content is there already
  std::shared_ptr<disk::WriteStore> store;     // else: where to write
  proto::ChunkSet have;                        // what an earlier attempt left behind, verified anew
  std::uint64_t done_bytes = 0;
};
Prepared prepare(const disk::Folders& folders, const Destination& destination,
                 const std::shared_ptr<const proto::Manifest>& manifest);

} // namespace p2pd::peer
