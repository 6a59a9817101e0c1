// Who is there: the peers that are connected and have registered. Loop thread only.
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
  void enter(net::Session& session); // in place of what it was
  void leave(const PeerId& id);
  // It is called, or to be dialled, otherwise than it was.
  void renew(const net::Session& session, const PeerInfo& before);
  bool has(const PeerId& id) const { return members_.contains(id); }
  bool holds(const net::Session& session) const; // it is by this link that its node is here

  // As `asker` may dial it: loopback addresses only for those who came over loopback themselves.
  PeerInfo describe(const PeerId& id, const net::Session& asker) const;
  proto::Publisher publisher(const PeerId& id) const;
  // Those whom the word may mean, by name, address or id (lookup/nodes.hpp), in the order of ids:
  // without going through all of them, which each fetch by a name would wait for.
  std::vector<PeerId> find(std::string_view word) const;

  const std::map<PeerId, net::Session*>& members() const { return members_; }

 private:
  std::map<PeerId, net::Session*> members_;
  std::set<std::pair<std::string, PeerId>> words_; // names and addresses, and whose they are
};

} // namespace p2pd::tracker
