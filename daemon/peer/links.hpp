// All peers that this node is connected to, and those that it is dialling. Loop thread only.
#pragma once

#include "daemon/net/dialer.hpp"
#include "daemon/peer/link.hpp"

namespace p2pd::peer {

class LinksListener {
 public:
  virtual void on_link(Link& link) = 0; // a new one

 protected:
  ~LinksListener() = default;
};

class Links final : private LibraryListener {
 public:
  Links(io::Loop& loop, net::SessionSet& sessions, Library& library, disk::BufferPool& buffers,
        LinksListener& listener);
  ~Links();
  Links(const Links&) = delete;
  Links& operator=(const Links&) = delete;

  void adopt(net::Session& session); // a ready one, to a peer
  // Dials, unless it is connected or being dialled.
  void reach(const proto::PeerInfo& peer);
  Link* find(const proto::PeerId& id) const;
  void stop(); // dials nobody any more

  io::Loop& loop() { return loop_; }
  const proto::PeerId& self() const { return sessions_.id(); }
  Library& library() { return library_; }
  disk::BufferPool& buffers() { return buffers_; }
  void retire(Link& link); // for links

 private:
  class Dial;

  void on_gained(const Item& item, ChunkIndex chunk) override;
  void on_removed(const ContentId& content) override;
  void ended(Dial& dial);
  void bury();

  io::Loop& loop_;
  net::SessionSet& sessions_;
  Library& library_;
  disk::BufferPool& buffers_;
  LinksListener& listener_;
  std::map<proto::PeerId, std::unique_ptr<Link>> links_;
  std::map<proto::PeerId, std::unique_ptr<Dial>> dials_;
  std::vector<std::unique_ptr<Link>> buried_links_;
  std::vector<std::unique_ptr<Dial>> buried_dials_;
  io::Deferred bury_;
};

} // namespace p2pd::peer
