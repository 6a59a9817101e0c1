// Handlers of `discover`, for either role. Loop thread only.
#pragma once

#include "daemon/control/node.hpp"
#include "daemon/peer/peer.hpp"
#include "daemon/tracker/tracker.hpp"

namespace p2pd::control {

void bind_discover(Dispatcher& dispatcher, Node& node, tracker::Tracker& tracker);
void bind_discover(Dispatcher& dispatcher, Node& node, peer::Peer& peer);

} // namespace p2pd::control
