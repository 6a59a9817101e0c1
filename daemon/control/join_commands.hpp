// Handlers of a peer's commands about its network and trackers: join, connect, disconnect. Loop
// thread only.
#pragma once

#include "daemon/control/dispatcher.hpp"
#include "daemon/membership/membership.hpp"

namespace p2pd::control {

void bind_joining(Dispatcher& dispatcher, membership::Membership& membership);

// A tracker as `status` and `join` show it.
Value tracker_value(const membership::TrackerLink& link);

} // namespace p2pd::control
