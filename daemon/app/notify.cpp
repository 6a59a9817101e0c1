#include "daemon/app/notify.hpp"

#ifdef P2PD_SYSTEMD
#include <systemd/sd-daemon.h>
#endif

namespace p2pd::app {

namespace {

void notify([[maybe_unused]] const char* state) {
#ifdef P2PD_SYSTEMD
  sd_notify(0, state);
#endif
}

} // namespace

void notify_ready() {
  notify("READY=1");
}
void notify_stopping() {
  notify("STOPPING=1");
}

} // namespace p2pd::app
