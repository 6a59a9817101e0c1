// Handlers of a tracker's commands. Loop thread only.
#pragma once

#include "daemon/control/node.hpp"
#include "daemon/tracker/moderator.hpp"

namespace p2pd::control {

void bind_tracker(Dispatcher& dispatcher, Node& node, tracker::Tracker& tracker,
                  tracker::Moderator& moderator);

} // namespace p2pd::control
