// A fetch of what this node has already, to another place: chunk by chunk from the one store to the
// other on the pool, each verified on the way. Loop thread only; owned by its Transfer.
#pragma once

#include "daemon/download/download.hpp"

namespace p2pd::download {

class LocalCopy final {
 public:
  LocalCopy(io::Loop& loop, disk::BufferPool& buffers,
            std::shared_ptr<const proto::Manifest> manifest,
            std::shared_ptr<const store::Store> from, std::shared_ptr<const store::WriteStore> to,
            const proto::ChunkSet& missing, const proto::PeerId& self, DownloadListener& listener);
  LocalCopy(const LocalCopy&) = delete;
  LocalCopy& operator=(const LocalCopy&) = delete;

  void copy_next();
  void stop(); // for good

 private:
  void on_copied(ChunkIndex chunk, const disk::Outcome& outcome);

  io::Loop& loop_;
  disk::BufferPool& buffers_;
  const std::shared_ptr<const proto::Manifest> manifest_;
  const std::shared_ptr<const store::Store> from_;
  const std::shared_ptr<const store::WriteStore> to_;
  const proto::PeerId self_;
  DownloadListener& listener_;
  std::vector<ChunkIndex> missing_; // the next one last
  io::Job job_;
  disk::BufferPool::Waiter memory_;
};

} // namespace p2pd::download
