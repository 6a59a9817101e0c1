// systemd, for a p2pd that it runs; nothing where there is none (sd_notify(3), sd_listen_fds(3)).
// It is told when the daemon is ready and when it stops, in a line what it is doing, and again and
// again that the loop still turns: where that stays out for WatchdogSec=, it starts the daemon
// anew. Loop thread only.
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

  void ready(); // and when a reload is done
  void reloading();
  void stopping();

 private:
  void on_tick();

  Describe describe_;
  std::string told_;
  io::Timer tick_;
};

// The control socket, where systemd listens on it and has started the daemon with it. Once. Throws
// std::runtime_error where what it passes is no such socket.
std::optional<int> inherited_socket();

} // namespace p2pd::app
