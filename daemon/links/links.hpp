// All peers that this node is connected to, and those that it is dialling. Loop thread only.
#pragma once

#include "daemon/io/graveyard.hpp"
#include "daemon/library/inventory.hpp"
#include "daemon/library/openings.hpp"
#include "daemon/links/limits.hpp"
#include "daemon/links/link.hpp"
#include "daemon/net/dialer.hpp"
#include "daemon/net/told.hpp"

#include <random>

namespace p2pd::links {

class LinksListener {
 public:
  virtual void on_link(Link& link) = 0; // a new one
  // It has begun to fetch chunks of the content here.
  virtual void on_leecher(Link& link, const ContentId& content) = 0;
  // Dialling it takes long or has failed; it may be able to dial this node.
  virtual void on_slow_dial(const proto::PeerInfo& peer) = 0;
  // What this node offers cannot be read.
  virtual void on_unreadable(const ContentId& content, const disk::Fault& fault) = 0;

 protected:
  ~LinksListener() = default;
};

// What links need of the peer that they run in.
struct LinksDeps {
  io::Loop& loop;
  net::SessionSet& sessions;
  disk::BufferPool& buffers;
  library::Library& library;
  const library::Inventory& inventory;
  library::Openings& openings;
  Limits& limits;
  UploadSlots& slots;
};

class Links final : private library::LibraryListener {
 public:
  Links(const LinksDeps& deps, LinksListener& listener);
  ~Links();
  Links(const Links&) = delete;
  Links& operator=(const Links&) = delete;

  void adopt(net::Session& session); // a ready one, to a peer
  // It sent a chunk with a wrong hash: at the second one it is let go, and not dealt with for an
  // hour.
  void strike(const proto::PeerId& id);
  struct Distrusted {
    proto::PeerId id;
    std::string name;
    io::Time until;
  };
  std::vector<Distrusted> distrusted() const;
  // Hears of each peer that is let go for that.
  using Watch = std::function<void(const proto::PeerInfo&)>;
  void set_watch(Watch watch) { watch_ = std::move(watch); }
  // Dials, unless it is connected, being dialled, or banned; where that is not done at once, the
  // peer is asked to dial this node at the same time.
  void reach(const net::Told& peer) { dial(peer.node, peer.by, Then::call_back); }
  // Likewise, for people; and tells when that has ended: with the link, or null where there is
  // none.
  using Reached = std::function<void(Link*)>;
  void reach(const proto::PeerInfo& peer, Reached reached);
  // One that could not dial this node. Where this fails too, there is no way. A link to it that is
  // there may be dead.
  void dial_back(const net::Told& peer);
  // Those who lost their links as this machine lost an address: they wait for something of this
  // node, or it of them, and cannot know where it is now.
  void redial();
  Link* find(const proto::PeerId& id) const;
  bool dialling(const proto::PeerId& id) const { return dials_.contains(id); }
  bool distrusts(const proto::PeerId& id) const;
  bool banned(const proto::PeerId& id) const { return deps_.sessions.banned(id); }
  bool full() const { return !deps_.sessions.may_dial(net::Purpose::peer); } // as many as may be
  std::string why_full() const { return deps_.sessions.full(); }
  // Why there is no link to it; "" where nobody has tried.
  std::string cause(const proto::PeerId& id) const;
  // Every address that was tried by the last dial that failed, since the last link to it.
  std::vector<net::Attempt> attempts(const proto::PeerId& id) const;
  void stop(); // dials nobody any more
  // A content that is fetched is in the library now, or its fetch is over: those who wanted it
  // before have waited for that.
  void answer_early(const ContentId& content);

  const proto::PeerId& self() const { return deps_.sessions.id(); }
  // Whether a node of that site is at another site than this one. Both must have one.
  bool far(std::string_view site) const {
    const std::string& own = deps_.sessions.self().site;
    return !own.empty() && !site.empty() && own != site;
  }

  // For links.
  const LinksDeps& deps() const { return deps_; }
  void unreadable(const ContentId& content, const disk::Fault& fault) {
    listener_.on_unreadable(content, fault);
  }
  void retire(Link& link);
  void evade_hole(Link& link); // closes it and dials with smaller segments, if that may help
  void stranded(const proto::PeerInfo& peer); // its link was lost with an address, in mid-work
  // It wants the content: it and some others who do hear of each other, so that a swarm lives on
  // without a tracker.
  void introduce(Link& link, const ContentId& content);
  // This node fetches it, of at least one other.
  bool fetches(const ContentId& content) const;
  void on_leecher(Link& link, const ContentId& content) { listener_.on_leecher(link, content); }

 private:
  class Dial;
  struct Strikes {
    std::string name;
    unsigned count = 0;
    io::Time until{}; // it is distrusted
  };
  struct Stranded {
    proto::PeerInfo peer;
    io::Time until; // it is dialled, whenever a tracker or another network is there
  };

  struct Unreachable {
    std::string cause;
    std::vector<net::Attempt> attempts;
  };

  enum class Then : std::uint8_t { call_back, give_up }; // where it is not to be reached
  using Teller = net::Dialer::Teller;
  void dial(const proto::PeerInfo& peer, Teller told_by, Then then);
  void on_gained(const library::Item& item, ChunkIndex chunk) override;
  void tell_gained();
  void tell_known();
  void on_lost(const library::Item& item) override {
    on_removed(item.id);
  } // who wants it asks again
  void on_removed(const ContentId& content) override;
  void withdraw_dial(const proto::PeerId& id);
  void ended(Dial& dial);
  void tell_reached(proto::PeerId id); // by value: it may be the key that goes
  void let_go();
  void note(const proto::PeerId& id, Unreachable why);

  const LinksDeps deps_;
  LinksListener& listener_;
  std::map<proto::PeerId, std::unique_ptr<Link>> links_;
  std::map<proto::PeerId, Strikes> strikes_;
  std::map<proto::PeerId, Unreachable> unreachable_; // since the last link to it
  std::map<proto::PeerId, std::unique_ptr<Dial>> dials_;
  std::multimap<proto::PeerId, Reached> awaited_;
  std::map<proto::PeerId, Stranded> stranded_;
  Watch watch_;
  std::map<ContentId, std::vector<ChunkIndex>> gained_; // since the links were told
  std::minstd_rand chance_{std::random_device{}()};
  io::Timer tell_gained_;
  io::Timer tell_known_;
  io::Timer let_go_;
  io::Graveyard graveyard_;
};

} // namespace p2pd::links
