// What the daemon is doing, in one line for `systemctl status`. Loop thread only.
#pragma once

#include "daemon/http/metrics.hpp"

namespace p2pd::app {

std::string status_line(const http::Subjects& subjects);

} // namespace p2pd::app
