// Handlers of `watch`, for either role. Loop thread only.
#pragma once

#include "daemon/control/dispatcher.hpp"
#include "daemon/control/watchers.hpp"
#include "daemon/peer/peer.hpp"
#include "daemon/tracker/tracker.hpp"

namespace p2pd::control {

// The watchers outlive the role, and the commands.
void bind_watch(Dispatcher& dispatcher, Watchers& watchers, tracker::Tracker& tracker);
void bind_watch(Dispatcher& dispatcher, Watchers& watchers, peer::Peer& peer);

// Has the trackers tell what somebody wants to see.
Watchers::Changed followed_by(peer::Peer& peer);

} // namespace p2pd::control
