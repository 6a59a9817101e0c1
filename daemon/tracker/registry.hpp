// The peers that are connected and have registered. Loop thread only.
#pragma once

#include "daemon/net/session.hpp"
#include "proto/tracker_messages.hpp"

#include <map>
#include <set>

namespace p2pd::tracker {

using proto::PeerId;
using proto::PeerInfo;

class Registry final {
 public:
  void enter(net::Session& session); // replaces its earlier entry
  void leave(const PeerId& id);
  // Its name or its addresses have changed.
  void renew(const net::Session& session, const PeerInfo& before);
  bool has(const PeerId& id) const { return members_.contains(id); }
  bool holds(const net::Session& session) const; // whether its node is registered by this link

  // As `asker` may dial it: with loopback addresses only if it is connected over loopback itself.
  PeerInfo describe(const PeerId& id, const net::Session& asker) const;
  proto::Publisher publisher(const PeerId& id) const;
  // The nodes that the word may mean, by name, address or id (lookup/nodes.hpp), ordered by id.
  // Indexed: every fetch by a name would have to wait for a scan.
  std::vector<PeerId> find(std::string_view word) const;

  const std::map<PeerId, net::Session*>& members() const { return members_; }

 private:
  std::map<PeerId, net::Session*> members_;
  std::set<std::pair<std::string, PeerId>> words_; // names and addresses with their owner
};

} // namespace p2pd::tracker
