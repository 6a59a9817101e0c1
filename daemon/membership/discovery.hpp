// Finds a tracker on the LAN for a peer that has none configured. A discovered tracker that is not
// connected is replaced by the next one; it is not kept across restarts. Loop thread only.
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

  void listen(); // if this peer has no tracker configured
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
