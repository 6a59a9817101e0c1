#include "daemon/app/notify.hpp"

#ifdef P2PD_SYSTEMD
#include <ctime>
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
// sd_notify(3): READY=1 follows when it is done.
void notify_reloading() {
#ifdef P2PD_SYSTEMD
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  sd_notifyf(0, "RELOADING=1\nMONOTONIC_USEC=%lld", now.tv_sec * 1'000'000LL + now.tv_nsec / 1000);
#endif
}
void notify_stopping() {
  notify("STOPPING=1");
}

} // namespace p2pd::app
