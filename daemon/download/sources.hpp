// Who has a content that this node fetches: asks the trackers now and then, links with those whom
// swarm::Neighbours chooses, and passes on what they say to whoever takes it, first to the manifest
// and then to the chunks. Loop thread only; owned by its Transfer.
#pragma once

#include "daemon/download/download.hpp"
#include "daemon/download/manifest_fetch.hpp"
#include "daemon/download/supply.hpp"
#include "daemon/io/alive.hpp"
#include "daemon/links/links.hpp"
#include "daemon/lookup/node_filter.hpp"
#include "daemon/membership/trackers.hpp"
#include "daemon/swarm/neighbours.hpp"

namespace p2pd::download {

class Sources final : public links::LinkUser {
 public:
  // `from`: the only peers that are asked; none: everybody.
  Sources(io::Loop& loop, membership::Trackers& trackers, links::Links& links,
          const ContentId& content, const std::vector<std::string>& from);
  ~Sources();
  Sources(const Sources&) = delete;
  Sources& operator=(const Sources&) = delete;

  void locate();
  void meet(const std::vector<net::Told>& peers); // they may have some of the content
  void on_link(links::Link& link);                // a new one: it may be to a peer that was located
  void on_leecher(links::Link& link);             // it fetches the same: it has some, or will have

  // Who takes what they give, from now on; both null: nobody. `chunks` is how many there are.
  void serve(ManifestFetch* taker);
  void serve(Download* taker, std::uint32_t chunks);
  // It is over: the links are there for another fetch of the same content, at once.
  void leave();

  std::size_t count() const { return offers_.size(); }
  bool hungry() const { return neighbours_.hungry(); } // the trackers are to name more
  // Of a single file, as the first of them has told.
  const std::optional<disk::Attributes>& attributes() const { return attributes_; }
  void watch(); // once a second, while something is awaited
  void describe(Supply& supply) const;

 private:
  void on_has_all(links::Link& link) override;
  void on_has(links::Link& link, const proto::Bitmap& have) override;
  void on_gained(links::Link& link, std::span<const ChunkIndex> chunks) override;
  bool has(links::Link& link, ChunkIndex chunk) const override;
  void on_gone(links::Link& link) override;
  void on_attributes(const proto::FileAttributes& attributes) override;
  void on_peers(links::Link& link, std::span<const proto::PeerInfo> peers) override;
  void on_manifest_size(links::Link& link, proto::RequestId request, std::uint32_t size) override;
  proto::MutableView segment_space(links::Link& link, const proto::Segment& segment) override;
  void on_segment(links::Link& link, const proto::Segment& segment) override;
  void on_sent_chunks(links::Link& link, const proto::Bitmap& sent) override;
  void on_failed(links::Link& link, const proto::Failed& failed) override;
  void on_link_closed(links::Link& link) override;

  void on_located(const std::vector<net::Told>& sources);
  bool hear_of(const net::Told& peer);
  bool has_room_for(const proto::PeerId& id); // among those that were located
  void seek();
  void take(links::Link& link);
  void drop(links::Link& link); // of those that know this content is wanted
  void review();                // the neighbours
  void offer(links::Link& link);
  void offer_all();

  membership::Trackers& trackers_;
  links::Links& links_;
  const ContentId content_;
  lookup::NodeFilter from_;
  const lookup::NodeFilter::Known known_ = [this](const std::string& word) {
    return trackers_.names().of(word);
  };
  std::optional<std::size_t> told_; // how many the trackers named in their last answer
  struct Located {
    net::Told peer;
    bool current = false; // since the trackers' last answer
  };
  std::map<proto::PeerId, Located> located_;
  swarm::Neighbours neighbours_; // chosen from these
  std::set<proto::PeerId> dialled_;
  io::Timer seek_;
  std::set<links::Link*> used_; // links that know this content is wanted
  std::map<links::Link*, std::optional<proto::Bitmap>> offers_; // without a bitmap: everything
  std::optional<disk::Attributes> attributes_;
  ManifestFetch* manifest_ = nullptr;
  Download* download_ = nullptr;
  std::uint32_t chunks_ = 0;
  bool left_ = false;
  io::Alive<Sources> alive_{this}; // for answers of trackers
};

} // namespace p2pd::download
