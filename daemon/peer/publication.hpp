// One publication on its way: open and look at the path, hash its chunks in ranges, several at once
// on the pool, and put the manifest together. Loop thread only; owned by the Publisher.
#pragma once

#include "daemon/peer/publisher.hpp"

namespace p2pd::peer {

// Everything that is known of what was hashed, ready for the library.
struct Hashed {
  ContentId id;
  std::shared_ptr<const proto::Manifest> manifest;
  std::shared_ptr<const proto::Bytes> manifest_bytes;
  std::shared_ptr<const disk::ReadStore> store;
};

class Publisher::Publication final {
 public:
  Publication(Publisher& publisher, PublishOptions options, PublishFollower follower);

  void start();
  void cancel(); // its jobs end by themselves, nobody is told

 private:
  struct Opened {
    std::shared_ptr<proto::Manifest> manifest; // its hashes are filled in as they come
    std::shared_ptr<const disk::ReadStore> store;
  };
  using Hashes = disk::Result<std::vector<proto::Digest>>;

  static disk::Result<Opened> open(const disk::Folders& shared, const PublishOptions& options,
                                   const disk::Store* published);
  void on_opened(disk::Result<Opened> opened);
  void hash_more();
  void on_hashed(std::list<io::Job>::iterator job, std::uint32_t first, const Hashes& hashes);
  void assemble();
  void enter(Hashed hashed);
  void tell_progress();
  void refuse(const Failure& failure);

  Publisher& publisher_;
  const PublishOptions options_;
  const PublishFollower follower_;
  Opened opened_;
  std::uint32_t next_ = 0; // chunk to be hashed
  std::uint32_t done_ = 0; // chunks hashed
  io::Time told_{};
  io::Job job_; // that stands alone: opening, assembling
  std::list<io::Job> hashing_;
  disk::BufferPool::Waiter memory_;
  std::shared_ptr<Publication*> alive_ = std::make_shared<Publication*>(this);
};

} // namespace p2pd::peer
