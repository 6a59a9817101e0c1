// Peers that this node was connected to, kept across restarts: when no tracker answers, a transfer
// asks those that were seen last. Loop thread only.
#pragma once

#include "daemon/disk/state_db.hpp"
#include "daemon/net/session.hpp"
#include "daemon/net/told.hpp"

#include <deque>

namespace p2pd::peer {

class Acquaintances final {
 public:
  explicit Acquaintances(disk::StateDb& state) : state_(state) {}

  void restore(const std::vector<disk::PeerRecord>& peers); // the last seen first
  void met(const net::Session& session);
  const std::deque<net::Told>& peers() const { return peers_; } // the last seen first

 private:
  disk::StateDb& state_;
  std::deque<net::Told> peers_; // each by itself
};

} // namespace p2pd::peer
