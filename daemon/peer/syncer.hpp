// Makes what a transfer wrote durable, in batches, and then says so in the state database:
//
//   written ----> unsynced ----[job: sync]----> synced, and set_chunks() in the database
//
// A batch is synced when it holds 64 MiB or is a second old, so a crash costs no more than that,
// and a disk is not made to sync for every chunk. Chunks that come in the meantime are the next
// batch. Loop thread only; owned by its Transfer.
#pragma once

#include "daemon/disk/state_db.hpp"
#include "daemon/disk/write_store.hpp"
#include "daemon/io/timer.hpp"
#include "proto/chunk_set.hpp"

namespace p2pd::peer {

class Syncer final {
 public:
  using Done = std::function<void(const disk::Outcome&)>;

  // `synced` is what the database says already. `failed` hears that a sync failed: what was not
  // synced before may be lost then, and nothing more is synced here.
  Syncer(io::Loop& loop, disk::StateDb& state, std::uint64_t transfer,
         std::shared_ptr<disk::WriteStore> store, proto::ChunkSet synced, Done failed);
  Syncer(const Syncer&) = delete;
  Syncer& operator=(const Syncer&) = delete;

  void written(proto::ChunkIndex chunk, std::uint32_t bytes); // verified before
  void flush(Done done); // when all that was written is synced, or could not be
  const proto::ChunkSet& synced() const { return synced_; }

 private:
  void begin();
  void on_synced(const std::vector<proto::ChunkIndex>& batch, const disk::Outcome& outcome);

  io::Loop& loop_;
  disk::StateDb& state_;
  const std::uint64_t transfer_;
  const std::shared_ptr<disk::WriteStore> store_;
  proto::ChunkSet synced_;
  Done failed_;
  std::vector<proto::ChunkIndex> unsynced_;
  std::uint64_t unsynced_bytes_ = 0;
  Done flushed_;
  io::Timer age_;
  io::Job job_;
};

} // namespace p2pd::peer
