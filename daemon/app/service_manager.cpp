#include "daemon/app/service_manager.hpp"

#include <algorithm>
#include <cstdlib>
#include <fmt/core.h>
#include <stdexcept>
#include <sys/socket.h>

#ifdef P2PD_SYSTEMD
#include <systemd/sd-daemon.h>
#endif

namespace p2pd::app {

namespace {

using std::chrono::microseconds;

constexpr microseconds longest_period = std::chrono::seconds(5);

microseconds monotonic() { // io::Clock is CLOCK_MONOTONIC
  return std::chrono::duration_cast<microseconds>(io::Clock::now().time_since_epoch());
}

#ifdef P2PD_SYSTEMD
void notify(const std::string& state) {
  sd_notify(0, state.c_str());
}

bool is_there() {
  return std::getenv("NOTIFY_SOCKET") != nullptr;
}

// Half of the watchdog timeout, as sd_watchdog_enabled(3) advises.
io::milliseconds period() {
  std::uint64_t watchdog = 0;
  if (sd_watchdog_enabled(0, &watchdog) <= 0) watchdog = UINT64_MAX;
  const microseconds half(std::min<std::uint64_t>(watchdog / 2, longest_period.count()));
  return std::max(std::chrono::duration_cast<io::milliseconds>(half), io::milliseconds(1));
}
#else
void notify(const std::string&) {}
bool is_there() {
  return false;
}
io::milliseconds period() {
  return std::chrono::duration_cast<io::milliseconds>(longest_period);
}
#endif

} // namespace

ServiceManager::ServiceManager(io::Loop& loop, Describe describe)
    : describe_(std::move(describe)), tick_(loop, io::bind<&ServiceManager::on_tick>(this)) {}

void ServiceManager::ready() {
  if (!is_there()) return;
  told_ = describe_();
  notify("READY=1\nWATCHDOG=1\nSTATUS=" + told_);
  tick_.every(period());
}

void ServiceManager::on_tick() {
  std::string state = "WATCHDOG=1";
  if (std::string now = describe_(); now != told_) {
    told_ = std::move(now);
    state += "\nSTATUS=" + told_;
  }
  notify(state);
}

void ServiceManager::reloading() {
  notify(fmt::format("RELOADING=1\nMONOTONIC_USEC={}", monotonic().count()));
}

void ServiceManager::stopping() {
  tick_.stop();
  notify("STOPPING=1\nSTATUS=stopping");
}

std::optional<int> inherited_socket() {
#ifdef P2PD_SYSTEMD
  const int count = sd_listen_fds(1);
  if (count <= 0) return std::nullopt;
  if (count > 1 || sd_is_socket_unix(SD_LISTEN_FDS_START, SOCK_STREAM, 1, nullptr, 0) <= 0)
    throw std::runtime_error("systemd passes something other than one listening Unix socket; "
                             "correct ListenStream= of the socket unit");
  return SD_LISTEN_FDS_START;
#else
  return std::nullopt;
#endif
}

} // namespace p2pd::app
