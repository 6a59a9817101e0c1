// Handlers of a peer's commands. Loop thread only.
#pragma once

#include "daemon/control/node.hpp"
#include "daemon/peer/peer.hpp"

namespace p2pd::control {

void bind_peer(Dispatcher& dispatcher, Node& node, peer::Peer& peer);

} // namespace p2pd::control
