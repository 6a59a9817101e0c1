// Handlers of a tracker's commands about who is a member: invite, kick, ban, unban, bans. Loop
// thread only.
#pragma once

#include "daemon/control/node.hpp"
#include "daemon/tracker/moderator.hpp"

namespace p2pd::control {

void bind_members(Dispatcher& dispatcher, Node& node, tracker::Tracker& tracker,
                  tracker::Moderator& moderator);

} // namespace p2pd::control
