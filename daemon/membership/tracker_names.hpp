// Follows the host names among the addresses of trackers, which may lead to several trackers, and
// to other ones tomorrow. Loop thread only.
//
// Each name is looked up every few seconds. Where it leads somewhere else, a tracker that is not
// connected is dialled at once, and one that is connected at an address that the name does not have
// any more has to answer a ping, or is dialled anew. So a tracker that moves is followed within 5
// s.
//
// A name without a pinned id means every tracker behind it: an address that no known tracker has is
// probed, and a tracker with another id that is found there becomes one of this peer as well. It
// goes again when it is lost and the name does not lead to it any more. To see only a part of what
// is behind a name would split the swarm in silence.
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
