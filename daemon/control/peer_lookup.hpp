// Which node the PEER of a command means, among those that are here (daemon/lookup/nodes.hpp).
// Loop thread only.
#pragma once

#include "daemon/control/node.hpp"
#include "daemon/peer/peer.hpp"
#include "daemon/tracker/tracker.hpp"

namespace p2pd::control {

constexpr io::milliseconds dial_patience{2000}; // with one that has to be reached first

// Calls use(peer) with the one that is meant, which may be this node itself. Where it is nobody
// who is here, or several, the call is answered with that; or with `none`.
using UsePeer = std::function<void(const proto::PeerInfo&)>;
void look_up(const CallPtr& call, const Node& node, const tracker::Tracker& tracker,
             const UsePeer& use);
void look_up(const CallPtr& call, const Node& node, const tracker::Tracker& tracker,
             const ControlError& none, const UsePeer& use);
void look_up(const CallPtr& call, const Node& node, peer::Peer& peer, const UsePeer& use);

Value peer_value(const proto::PeerInfo& peer);

} // namespace p2pd::control
