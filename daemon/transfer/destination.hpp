// Where a fetch puts what it gets. Blocking work of the pool, before the first chunk is asked for.
// Any thread; what is returned belongs to the caller.
#pragma once

#include "daemon/disk/confine.hpp"
#include "daemon/store/read_store.hpp"
#include "daemon/store/write_store.hpp"
#include "proto/chunk_set.hpp"

#include <memory>

namespace p2pd::transfer {

// What an earlier run has left: the chunks that were synced, and the part that they are in.
struct Saved {
  proto::ChunkSet chunks;
  disk::PartMark mark;
};

struct Destination {
  std::string path;              // absolute; ends with '/' where it is a folder
  std::string name;              // of the content, in that folder
  std::vector<std::string> only; // globs of the files of a tree that are wanted
  bool replace = false;
  bool repair = false; // write into what is there
  bool again = false;  // an earlier attempt may have left a part
  std::optional<Saved> saved;
  std::uint64_t max_size = 0; // bytes of what is wanted, holes included; 0: no limit
};
// "100 GB are more than ...", with the remedy.
std::string too_large(std::uint64_t bytes, std::uint64_t most);
std::string final_path(const std::string& path, const std::string& name);

struct Prepared {
  std::string path;                                 // the final one
  std::optional<disk::Fault> fault;                 // then nothing of the rest
  std::shared_ptr<const store::ReadStore> existing; // the same content is there already
  std::shared_ptr<store::WriteStore> store;         // else: where to write
  bool is_new = false;                              // nothing was written there before
  std::uint64_t system = 0; // the file system of that place (disk/file_system.hpp)
  proto::ChunkSet wanted;
  proto::ChunkSet have;               // of those: what an earlier attempt left behind, and zeros
  std::optional<disk::PartMark> mark; // of a part that was taken over: what there is is synced
};
Prepared prepare(const disk::Folders& folders, const Destination& destination,
                 const std::shared_ptr<const proto::Manifest>& manifest,
                 const std::stop_token& stop);

// Removes what a fetch to there has left, which nobody is writing any more. Of a tree all is left
// there, and true.
bool leave_part(const disk::Folders& folders, const Destination& destination,
                const std::shared_ptr<const proto::Manifest>& manifest);

} // namespace p2pd::transfer
