// The socket of the daemon, and what to say if it cannot be reached there.
// Thread: any; reads the environment and the file system.
#pragma once

#include "ctl/base/failure.hpp"

#include <string>

namespace p2pd::ctl {

struct Reach {
  std::string socket; // the path of the control socket
  std::string unit;   // the systemd unit of the daemon there
};

// As given on the command line ("": not given), else P2PCTL_SOCKET, else the user's own daemon if
// its socket exists, else the system's. Failure with ExitCode::usage if the two exclude each other.
Reach find_daemon(const std::string& socket, const std::string& instance);

// Why connect() failed with `error`, and the remedy.
Failure unreachable(const std::string& socket, const std::string& unit, int error);

} // namespace p2pd::ctl
