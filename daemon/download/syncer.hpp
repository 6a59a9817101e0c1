// Makes what a transfer wrote durable, in batches, and then says so in the state database:
//
//   written ----> unsynced ----[job: sync]----> synced, and set_chunks() in the database
//
// A batch is synced when it holds 64 MiB or is a second old, so a crash costs no more than that,
// and a disk is not made to sync for every chunk. Chunks that come in the meantime are the next
// batch.
//
// At the end of a fetch the .part is renamed, and then nothing may say any more what is in it: the
// chunks are withdrawn from the database before.
//
// What is synced may leave the kernel's page cache, so that a fetch of any size does not push out
// what others on the machine use: all but the newest of it, as the limit says, and what some peer
// may still ask for.
//
// Loop thread only; owned by its Transfer.
#pragma once

#include "daemon/io/timer.hpp"
#include "daemon/links/limits.hpp"
#include "daemon/state/state_db.hpp"
#include "daemon/store/write_store.hpp"
#include "proto/chunk_set.hpp"

#include <deque>

namespace p2pd::download {

class Syncer final {
 public:
  using Done = std::function<void(const disk::Outcome&)>;
  using Lacked = std::function<bool(proto::ChunkIndex)>;

  // `synced` is what the database says already. `lacked` tells whether some peer may still ask for
  // a chunk. `failed` hears that a sync failed: what was not synced before may be lost then, and
  // nothing more is synced here.
  Syncer(io::Loop& loop, state::StateDb& state, const links::Limits& limits, std::uint64_t transfer,
         std::shared_ptr<store::WriteStore> store, proto::ChunkSet synced, Lacked lacked,
         Done failed);
  Syncer(const Syncer&) = delete;
  Syncer& operator=(const Syncer&) = delete;

  void written(proto::ChunkIndex chunk, std::uint32_t bytes); // verified before
  // Done when all that was written is synced, or could not be. What was withdrawn is set again.
  void flush(Done done);
  // Says in the database what is there, with a mark that was just synced.
  void record(const disk::PartMark& mark);
  // Waits for a sync that runs, and clears the chunks in the database until flush(). Done as a
  // failure where that sync failed, and not where the database did: it logs that by itself.
  void withdraw(Done done);
  const proto::ChunkSet& synced() const { return synced_; }
  const disk::PartMark& mark() const { return mark_; } // of the part that they are in
  // What the store may let go of once all that was written is synced; each chunk once.
  std::vector<proto::ChunkIndex> take_not_needed();

 private:
  void set_chunks(proto::Bytes bits, const disk::PartMark& mark, Done done);
  void clear(Done done);
  void begin();
  void on_synced(const std::vector<proto::ChunkIndex>& batch,
                 const disk::Result<disk::PartMark>& synced);

  io::Loop& loop_;
  state::StateDb& state_;
  const links::Limits& limits_;
  const std::uint64_t transfer_;
  const std::shared_ptr<store::WriteStore> store_;
  proto::ChunkSet synced_;
  disk::PartMark mark_;
  std::deque<proto::ChunkIndex> cached_; // written, and not let go of; the oldest first
  Lacked lacked_;
  Done failed_;
  std::vector<proto::ChunkIndex> unsynced_;
  std::uint64_t unsynced_bytes_ = 0;
  Done flushed_;
  bool withdrawn_ = false;
  io::Timer age_;
  io::Job job_;
};

} // namespace p2pd::download
