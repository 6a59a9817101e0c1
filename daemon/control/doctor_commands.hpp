// Handlers of `doctor`, for either role. Loop thread only.
#pragma once

#include "daemon/control/node.hpp"
#include "daemon/peer/peer.hpp"
#include "daemon/tracker/tracker.hpp"

namespace p2pd::control {

void bind_doctor(Dispatcher& dispatcher, const Node& node, const tracker::Tracker& tracker);
void bind_doctor(Dispatcher& dispatcher, const Node& node, peer::Peer& peer);

} // namespace p2pd::control
