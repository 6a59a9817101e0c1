// Peers that this node was connected to, persisted: when no tracker answers, a transfer asks the
// most recently seen ones. Loop thread only.
#pragma once

#include "daemon/membership/known_names.hpp"
#include "daemon/net/session.hpp"
#include "daemon/net/told.hpp"
#include "daemon/state/state_db.hpp"

#include <deque>

namespace p2pd::membership {

class Acquaintances final {
 public:
  Acquaintances(state::StateDb& state, KnownNames& names) : state_(state), names_(names) {}

  void restore(const std::vector<state::PeerRecord>& peers); // most recently seen first
  void met(const net::Session& session);
  const std::deque<net::Told>& peers() const { return peers_; } // most recent first

 private:
  state::StateDb& state_;
  KnownNames& names_;
  std::deque<net::Told> peers_; // each once
};

} // namespace p2pd::membership
