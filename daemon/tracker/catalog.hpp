// What the tracker knows of contents: who has which chunks of what, under which names. Soft state:
// everything in it was told by a peer that is connected, and goes with it.
//
// A name is claimed by those who publish under it and merely used by those who fetched under it. It
// stays findable as long as somebody has the content; but where one content is claimed under a
// name, others that merely use it are listed by their id. Loop thread only.
#pragma once

#include "proto/chunk_set.hpp"
#include "proto/tracker_messages.hpp"

#include <functional>
#include <map>
#include <unordered_map>
#include <unordered_set>

namespace p2pd::tracker {

using proto::CatalogEntry;
using proto::ContentId;
using proto::PeerId;

class Catalog final {
 public:
  // Tells of a publisher by its id; the registry knows.
  using Describe = std::function<proto::Publisher(const PeerId&)>;
  explicit Catalog(Describe describe) : describe_(std::move(describe)) {}

  // What a peer's word has changed.
  struct Change {
    bool claimed = false;   // it claims a name for a content, and did not before
    bool completed = false; // it had a part of the content, and has all of it now
  };
  // Each throws proto::Error for what contradicts what is known of the content.
  Change publish(const PeerId& peer, const proto::Publish& what);
  bool unpublish(const PeerId& peer, const ContentId& content); // false: it never had it
  Change arrived(const PeerId& peer, const proto::Arrived& chunks);
  void drop(const PeerId& peer);

  // One row for each content and name, in the order of names, after `cursor`; "" is the start.
  struct Page {
    std::vector<CatalogEntry> rows;
    std::string next; // "" on the last page
  };
  Page list(std::string_view pattern, std::string_view cursor, std::size_t limit) const;
  // By name, or where no content is called so, by a prefix of the id.
  std::vector<CatalogEntry> find(std::string_view word, std::size_t limit) const;

  // Calls use(peer, whole) for each holder.
  template <class Use>
  void each_holder(const ContentId& content, Use&& use) const {
    if (const auto found = contents_.find(content); found != contents_.end())
      for (const auto& [peer, holding] : found->second.holders) use(peer, holding.have.full());
  }

  // Who has which chunks, in the order of ids: one page, behind `cursor`, of about `room` bytes,
  // which one holder must fit into.
  proto::ChunkMap chunk_map(const ContentId& content, std::string_view cursor,
                            std::size_t room) const;

  // What the peer publishes, or has whole, under one of its names; without counts and publishers.
  std::optional<CatalogEntry> offer(const PeerId& peer, const ContentId& content) const;
  // What the peer has, whole or in part, in the order of ids: one page, without paths.
  proto::Shared shared_by(const PeerId& peer, std::string_view cursor, std::size_t limit) const;

  std::size_t contents() const { return contents_.size(); }

 private:
  struct Holding {
    proto::ChunkSet have;
    std::map<std::string, bool, std::less<>> names; // and whether it is claimed
  };
  struct Content {
    std::uint64_t size = 0;
    std::uint32_t chunk_size = 0;
    std::unordered_map<PeerId, Holding> holders;
  };
  using Contents = std::map<ContentId, Content>;
  // How many holders use a name for a content, and claim it: an index over Holding::names.
  struct Uses {
    std::size_t all = 0;
    std::size_t claims = 0;
  };
  using NameUses = std::map<ContentId, Uses>;

  Content& enter(const proto::Publish& what);
  void release_claim(const PeerId& peer, const std::string& name, const ContentId& but);
  void forget_names(const ContentId& content, const Holding& holding);
  void remove_holding(Contents::iterator content, const PeerId& peer);
  CatalogEntry row(const Contents::value_type& content, const std::string& name) const;
  CatalogEntry row(const std::string& name, const NameUses& uses, const ContentId& content) const;

  Describe describe_;
  Contents contents_;
  std::map<std::string, NameUses, std::less<>> by_name_;
  std::unordered_map<PeerId, std::unordered_set<ContentId>> by_peer_;
};

} // namespace p2pd::tracker
