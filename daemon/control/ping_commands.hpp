// Handlers of `ping`, for either role. Loop thread only.
#pragma once

#include "daemon/control/node.hpp"
#include "daemon/peer/peer.hpp"
#include "daemon/tracker/tracker.hpp"

namespace p2pd::control {

void bind_ping(Dispatcher& dispatcher, Node& node, const tracker::Tracker& tracker);
void bind_ping(Dispatcher& dispatcher, Node& node, peer::Peer& peer);

} // namespace p2pd::control
