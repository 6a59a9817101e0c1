// What the tracker knows about contents: who has which chunks of which content, under which names.
// Soft state: everything in it was announced by a connected peer and is removed with it.
//
// A name is claimed by those who publish under it and merely used by those who fetched under it. It
// can be found as long as somebody has the content; but if one content is claimed under a name,
// others that merely use it are listed by their id. Loop thread only.
#pragma once

#include "daemon/tracker/holders.hpp"
#include "daemon/tracker/quotas.hpp"
#include "proto/tracker_messages.hpp"

#include <functional>
#include <map>
#include <random>
#include <unordered_map>

namespace p2pd::tracker {

using proto::CatalogEntry;
using proto::ContentId;
using proto::PeerId;

// What a content is announced as. Only its manifest would tell the true size, and a tracker has
// none: contradicting announcements of one id are kept side by side.
struct Shape {
  ContentId id;
  std::uint64_t size = 0;
  std::uint32_t chunk_size = 0;

  auto operator<=>(const Shape&) const = default;
};

// The entries of the catalog's indices. Each knows its key, and the others by pointer.
struct AnnouncedContent { // of one shape
  const ContentId* id = nullptr;
  std::uint64_t size = 0;
  std::uint32_t chunk_size = 0;
  Holders holders;
};
std::uint32_t chunks_of(const AnnouncedContent& content);
Shape shape_of(const AnnouncedContent& content);

struct Label {
  // How many holders use it for a content, and how many of them claim it.
  struct Uses {
    AnnouncedContent* content;
    std::uint32_t all = 0;
    std::uint32_t claims = 0;
  };
  const std::string* name = nullptr;
  std::vector<Uses> uses; // ordered by shape; mostly one

  bool claimed() const;
  std::vector<Uses>::iterator place(const AnnouncedContent& content); // the lower bound
};
struct Holder {
  const PeerId* id = nullptr;
  std::vector<AnnouncedContent*> contents; // ordered by address
  std::size_t bytes = 0;                   // approximate memory of them
  net::Whence from;                        // where it connects from
};

class Catalog final {
 public:
  // Describes a publisher by its id, from the registry.
  using Describe = std::function<proto::Publisher(const PeerId&)>;
  explicit Catalog(Describe describe, const Quotas::Most& most = Quotas::Most())
      : describe_(std::move(describe)), quotas_(most) {}

  // What an announcement has changed.
  struct Change {
    bool claimed = false;   // a new claim of a name for a content
    bool completed = false; // it had part of the content, and has all of it now
  };
  // Each throws proto::Error for what is impossible for the content, or beyond a quota. `from`:
  // where the peer connects from.
  Change publish(const PeerId& peer, const proto::Publish& what, const net::Whence& from = {});
  bool unpublish(const PeerId& peer, const ContentId& content); // false: the peer did not have it
  Change arrived(const PeerId& peer, const proto::Arrived& chunks);
  void drop(const PeerId& peer);

  // The most work done at once, in steps of some 100 ns: others wait meanwhile.
  static constexpr std::size_t most_work = 16'384;
  // One row per content and name, ordered by name, after `cursor`; "" is the start. A page ends
  // early if few names match, and may be empty.
  struct Page {
    std::vector<CatalogEntry> rows;
    std::string next; // "" on the last page
  };
  Page list(std::string_view pattern, std::string_view cursor, std::size_t limit,
            std::size_t work = most_work) const;
  // What the word may mean: a whole id, a name or, if it is neither, the prefix of an id.
  std::vector<CatalogEntry> find(std::string_view word, std::size_t limit) const;

  // Who has the content, or part of it; if they are more than `limit`, a random selection: some
  // that have rare chunks, those for which near(peer) is true, and any others.
  struct Found {
    PeerId peer;
    bool whole;
  };
  using Near = std::function<bool(const PeerId&)>;
  std::vector<Found> sample(const ContentId& content, const PeerId& asker, const Near& near,
                            std::size_t limit, std::minstd_rand& chance) const;

  // Who has which chunks, ordered by id: one page behind `cursor` of about `room` bytes, which must
  // suffice for one holder.
  proto::ChunkMap chunk_map(const ContentId& content, std::string_view cursor,
                            std::size_t room) const;

  // What the peer publishes, or has completely, under one of its names; without counts and
  // publishers.
  std::optional<CatalogEntry> offer(const PeerId& peer, const ContentId& content) const;
  // What the peer has, whole or in part, ordered by id: one page, which may be empty, without
  // paths.
  proto::Shared shared_by(const PeerId& peer, std::string_view cursor, std::size_t limit) const;

  // The announcements that would give the peer its current state in the catalog.
  std::vector<proto::Publish> told_by(const PeerId& peer) const;

  std::size_t contents() const { return contents_.size(); }
  std::size_t names() const { return labels_.size(); }
  std::size_t pairs() const; // of a content and a peer that has any of it

 private:
  using Contents = std::map<Shape, AnnouncedContent>;
  using Labels = std::map<std::string, Label, std::less<>>;

  struct Row {
    AnnouncedContent& content;
    bool alone; // no announcement contradicts it
  };
  Row enter(const proto::Publish& what);
  void add_by_id(std::string_view beginning, std::size_t limit,
                 std::vector<CatalogEntry>& rows) const;
  // Calls use(content) for each shape of the id, until it returns false.
  template <class Use>
  void each_of(const ContentId& id, Use&& use) const {
    for (auto at = contents_.lower_bound({id, 0, 0}); at != contents_.end() && at->first.id == id;)
      if (!use((at++)->second)) return;
  }
  // As the peer announced it; null: the peer does not have it.
  const AnnouncedContent* held_by(const Holder& holder, const ContentId& id) const;
  AnnouncedContent* held_by(const Holder& holder, const ContentId& id) {
    return const_cast<AnnouncedContent*>(std::as_const(*this).held_by(holder, id));
  }
  std::vector<Found> sample(const AnnouncedContent& content, const PeerId& asker, const Near& near,
                            std::size_t limit, std::minstd_rand& chance) const;
  Label& label(const std::string& name);
  Holder& holder(const PeerId& peer);
  void claim(Label& label, AnnouncedContent& content, Holders::Use& use);
  void withdraw(const PeerId& peer, AnnouncedContent& content);
  void remove(AnnouncedContent& content, Holder& holder);
  void count(Holder& holder, std::size_t before, std::size_t now);
  std::vector<const AnnouncedContent*> contents_of(const Holder& holder, std::string_view cursor,
                                                   std::size_t limit, std::string& next) const;
  CatalogEntry row(const Label& label, const AnnouncedContent& content) const;

  Describe describe_;
  Quotas quotas_;
  Contents contents_;
  Labels labels_;
  std::unordered_map<PeerId, Holder> holders_;
};

} // namespace p2pd::tracker
