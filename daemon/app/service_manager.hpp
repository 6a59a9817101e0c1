// The interface to systemd (sd_notify(3), sd_listen_fds(3)); does nothing without it. Reports when
// the daemon is ready and when it stops, a line of status, and regularly that the loop still runs:
// if that is missing for WatchdogSec=, systemd restarts the daemon. Loop thread only.
#pragma once

#include "daemon/io/timer.hpp"

#include <functional>
#include <optional>
#include <string>

namespace p2pd::app {

class ServiceManager final {
 public:
  using Describe = std::function<std::string()>; // what the daemon is doing, in one line
  ServiceManager(io::Loop& loop, Describe describe);
  ServiceManager(const ServiceManager&) = delete;
  ServiceManager& operator=(const ServiceManager&) = delete;

  void ready(); // at the start, and after each reload
  void reloading();
  void stopping();

 private:
  void on_tick();

  Describe describe_;
  std::string told_;
  io::Timer tick_;
};

// The control socket, if systemd passes it (socket activation). Call once. Throws
// std::runtime_error if systemd passes anything else.
std::optional<int> inherited_socket();

} // namespace p2pd::app
