// Which socket the daemon is behind, and what to tell people who cannot reach it there.
// Thread: any; reads the environment and the file system.
#pragma once

#include "ctl/base/failure.hpp"

#include <string>

namespace p2pd::ctl {

struct Reach {
  std::string socket; // the path of the control socket
  std::string unit;   // what systemctl starts to have a daemon there
};

// As named on the command line ("" = not), else P2PCTL_SOCKET, else the user's own daemon if its
// socket is there, else the system's. Failure with ExitCode::usage when the two exclude each other.
Reach find_daemon(const std::string& socket, const std::string& instance);

// Why connect() failed with `error`, and the remedy.
Failure unreachable(const std::string& socket, const std::string& unit, int error);

} // namespace p2pd::ctl
