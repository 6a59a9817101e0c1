// Tells the service manager how the daemon does (sd_notify(3)). Nothing where there is none.
#pragma once

namespace p2pd::app {

void notify_ready();
void notify_stopping();

} // namespace p2pd::app
