// Follows the host names among the addresses of trackers, which may resolve to several trackers,
// and to others later. Loop thread only.
//
// Each name is resolved every few seconds. If the result changes, a tracker that is not connected
// is dialled at once, and one that is connected at an address no longer in the result has to answer
// a ping or is redialled. So a tracker that moves is followed within 5 s.
//
// A name without a pinned id means every tracker behind it: an address that no known tracker has is
// probed, and a tracker with another id there becomes one of this peer's. It is forgotten when it
// is lost and the name no longer resolves to it. Using only some of the trackers behind a name
// would silently split the swarm.
#pragma once

#include "daemon/membership/trackers.hpp"

namespace p2pd::membership {

class TrackerNames final {
 public:
  TrackerNames(io::Loop& loop, net::SessionSet& sessions, Trackers& trackers);
  ~TrackerNames();
  TrackerNames(const TrackerNames&) = delete;
  TrackerNames& operator=(const TrackerNames&) = delete;

  void start();
  void stop();

 private:
  class Name;
  void look();

  io::Loop& loop_;
  net::SessionSet& sessions_;
  Trackers& trackers_;
  std::map<base::HostPort, std::unique_ptr<Name>> names_;
  io::Timer look_;
};

} // namespace p2pd::membership
