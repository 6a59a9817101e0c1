// Handlers of a peer's commands. Loop thread only.
#pragma once

#include "daemon/control/node.hpp"
#include "daemon/peer/peer.hpp"

namespace p2pd::control {

void bind_peer(Dispatcher& dispatcher, Node& node, peer::Peer& peer);

// A transfer as `transfers` and `fetch` show it.
Value transfer_value(const peer::TransferRow& row);

} // namespace p2pd::control
