// What the kernel knows of the path of a TCP connection (tcp_info of netinet/tcp.h), at one moment.
// Thread: any; values only.
#pragma once

#include <chrono>
#include <cstdint>

namespace p2pd::io {

struct PathInfo {
  std::uint32_t unacked = 0;              // segments that were sent and are not acknowledged
  std::uint32_t backoff = 0;              // doublings of the retransmission timer, without progress
  std::chrono::milliseconds since_data{}; // the last data in order came
  std::chrono::milliseconds since_ack{};  // the last acknowledgement came
};

} // namespace p2pd::io
