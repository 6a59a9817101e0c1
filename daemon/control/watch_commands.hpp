// Handlers of `watch`, for either role. Loop thread only.
#pragma once

#include "daemon/control/dispatcher.hpp"
#include "daemon/peer/peer.hpp"
#include "daemon/tracker/tracker.hpp"

namespace p2pd::control {

void bind_watch(Dispatcher& dispatcher, tracker::Tracker& tracker);
void bind_watch(Dispatcher& dispatcher, peer::Peer& peer);

} // namespace p2pd::control
