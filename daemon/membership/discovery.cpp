#include "daemon/membership/discovery.hpp"

#include "daemon/base/log.hpp"

namespace p2pd::membership {

namespace {

std::vector<base::HostPort> dialable(const proto::Beacon& beacon, const io::Endpoint& from) {
  std::vector<base::HostPort> addresses;
  for (const proto::Address& address : beacon.addresses)
    if (net::may_be_told(address, from)) addresses.push_back(base::parse_dial_address(address));
  addresses.push_back({from.host(), beacon.port});
  return addresses;
}

} // namespace

void Discovery::listen() {
  if (!receiver_ && trackers_.links().empty())
    receiver_.emplace(loop_, sessions_, io::bind<&Discovery::on_beacon>(this));
}

void Discovery::on_beacon(const proto::Beacon& beacon, const io::Endpoint& from) {
  std::vector<TrackerLink*> lost;
  for (const auto& link : trackers_.links()) {
    const auto& id = link->tracker().id;
    if (!id || !found_.contains(*id)) return; // a user has named one
    if (link->state() == TrackerLink::State::connected) return;
    if (*id != beacon.tracker) lost.push_back(link.get());
  }
  for (TrackerLink* const link : lost) trackers_.remove(*link);
  if (found_.insert(beacon.tracker).second)
    base::log::info("discovery", "found a tracker at {} by its beacon", from.text());
  trackers_.add({dialable(beacon, from), beacon.tracker, false});
}

} // namespace p2pd::membership
