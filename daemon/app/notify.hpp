// Tells the service manager how the daemon does (sd_notify(3)). Nothing where there is none.
#pragma once

namespace p2pd::app {

void notify_ready(); // and when a reload is done
void notify_reloading();
void notify_stopping();

} // namespace p2pd::app
