// A snapshot of what the kernel knows about a TCP connection's path (tcp_info of netinet/tcp.h).
// Thread: any; values only.
#pragma once

#include <chrono>
#include <cstdint>

namespace p2pd::io {

struct PathInfo {
  std::uint32_t unacked = 0;              // segments sent and not acknowledged
  std::uint32_t backoff = 0;              // doublings of the retransmission timer, without progress
  std::chrono::milliseconds since_data{}; // since the last in-order data
  std::chrono::milliseconds since_ack{};  // since the last acknowledgement
};

} // namespace p2pd::io
