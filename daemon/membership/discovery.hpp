// Finds a tracker on the LAN for a peer that was told of none. One that it has found makes way for
// the next when it is not connected; it is not kept over a restart. Loop thread only.
#pragma once

#include "daemon/membership/trackers.hpp"
#include "daemon/net/beacon.hpp"
#include "daemon/net/told.hpp"

#include <set>

namespace p2pd::membership {

class Discovery final {
 public:
  Discovery(io::Loop& loop, const net::SessionSet& sessions, Trackers& trackers)
      : loop_(loop), sessions_(sessions), trackers_(trackers) {}
  Discovery(const Discovery&) = delete;
  Discovery& operator=(const Discovery&) = delete;

  void listen(); // if this peer was told of no tracker
  void stop() { receiver_.reset(); }

 private:
  void on_beacon(const proto::Beacon& beacon, const io::Endpoint& from);

  io::Loop& loop_;
  const net::SessionSet& sessions_;
  Trackers& trackers_;
  std::set<PeerId> found_;
  std::optional<net::BeaconReceiver> receiver_;
};

} // namespace p2pd::membership
