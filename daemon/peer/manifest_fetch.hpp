// Gets the manifest of one content from whichever link gives it, one link at a time, and checks it
// on the pool: its hash is the content id, so no source is trusted. Loop thread only; owned by its
// Transfer, which passes on what its links say.
#pragma once

#include "daemon/peer/link.hpp"

namespace p2pd::peer {

// The manifest that these bytes are, as a content without a store; without anything when they are
// not what the id says. Any thread: a large one takes a while to hash and to read.
Content checked_manifest(const ContentId& content, std::shared_ptr<const proto::Bytes> bytes);

class ManifestFetch final {
 public:
  // Without a manifest: it came as the id says, and is malformed. Nobody has a better one.
  using Done = std::function<void(Content)>;
  ManifestFetch(io::Loop& loop, const ContentId& content, LinkUser& asker, Done done);
  ~ManifestFetch();
  ManifestFetch(const ManifestFetch&) = delete;
  ManifestFetch& operator=(const ManifestFetch&) = delete;

  void add_source(Link& link);
  void remove_source(Link& link);

  void on_size(Link& link, proto::RequestId request, std::uint32_t size);
  proto::MutableView segment_space(Link& link, const proto::Segment& segment);
  void on_segment(Link& link, const proto::Segment& segment);
  void on_failed(Link& link, const proto::Failed& failed);

 private:
  void ask_next();
  bool is_current(const Link& link, proto::RequestId request) const;
  void check();

  io::Loop& loop_;
  const ContentId content_;
  LinkUser& asker_;
  Done done_;
  std::deque<Link*> candidates_;
  Link* link_ = nullptr; // the one that is asked
  proto::RequestId request_{};
  std::shared_ptr<proto::Bytes> bytes_;
  std::size_t received_ = 0;
  io::Job job_;
};

} // namespace p2pd::peer
