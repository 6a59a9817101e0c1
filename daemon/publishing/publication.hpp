// One publication in progress: opens and scans the path, hashes its chunks on the pool in ranges,
// several at once, and assembles the manifest. Loop thread only; owned by the Publisher.
#pragma once

#include "daemon/io/alive.hpp"
#include "daemon/library/hashing.hpp"
#include "daemon/publishing/publisher.hpp"

namespace p2pd::publishing {

using proto::ContentId;

// Everything that the library records about hashed files.
struct Hashed {
  ContentId id;
  std::shared_ptr<const proto::Manifest> manifest;
  std::shared_ptr<const proto::Bytes> manifest_bytes;
  std::shared_ptr<const store::ReadStore> store;
  std::uint64_t system = 0; // the file system that it is on
};

class Publisher::Publication final : private library::HashingListener {
 public:
  Publication(Publisher& publisher, PublishOptions options, PublishFollower follower);

  void start();
  void cancel(); // its jobs end by themselves and nobody is notified

 private:
  struct Opened {
    std::shared_ptr<proto::Manifest> manifest;     // its hashes are filled in as they arrive
    std::shared_ptr<const store::ReadStore> store; // null: already published, unchanged
    std::vector<store::Skipped> skipped;
    std::size_t skipped_in_all = 0;
    std::optional<disk::Attributes> attributes;
    std::uint64_t system = 0;
  };
  static disk::Result<Opened> open(const std::shared_ptr<const disk::Folders>& shared,
                                   const PublishOptions& options,
                                   const library::OpenContent* published);
  void look(std::shared_ptr<const library::OpenContent> published);
  void on_opened(disk::Result<Opened> opened);
  void on_hashes(std::uint32_t first, const std::vector<proto::Digest>& hashes) override;
  void on_hashed(const disk::Outcome& outcome) override;
  void assemble();
  void enter(Hashed hashed);
  void record(const library::Item& item, const Hashed& hashed);
  void announce(const ContentId& content);
  void tell_progress();
  void refuse(const Failure& failure);
  void refuse(const disk::Fault& fault);

  Publisher& publisher_;
  const PublishOptions options_;
  const PublishFollower follower_;
  Opened opened_;
  library::Hashing hashing_;
  io::Time told_{};
  io::Job job_; // opens or assembles
  io::Alive<Publication> alive_{this};
};

} // namespace p2pd::publishing
