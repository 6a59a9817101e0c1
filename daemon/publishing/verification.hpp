// One pass over one content: which of its chunks still have the right hash. Loop thread only; owned
// by the Verifier.
#pragma once

#include "daemon/publishing/verifier.hpp"

namespace p2pd::publishing {

class Verifier::Verification final : private library::HashingListener {
 public:
  Verification(Verifier& verifier, ContentId content, VerifyFollower follower,
               io::milliseconds pause);

  void start(std::shared_ptr<const library::OpenContent> content, const proto::ChunkSet& have);
  const ContentId& content() const { return id_; }

 private:
  void on_hashes(std::uint32_t first, const std::vector<proto::Digest>& hashes) override;
  void on_hashed(const disk::Outcome& outcome) override;
  void all_right(library::Item& item);
  void damaged(library::Item& item);

  Verifier& verifier_;
  const ContentId id_;
  const VerifyFollower follower_;
  const io::milliseconds pause_;
  std::shared_ptr<const library::OpenContent> content_;
  proto::ChunkSet right_; // among those that are here
  std::uint32_t bad_ = 0;
  io::Time told_{};
  library::Hashing hashing_;
};

} // namespace p2pd::publishing
