// Detects a path MTU black hole: a link on the path has a smaller MTU, and the ICMP message that
// would say so (RFC 1191, RFC 8201) is filtered or never sent. TCP then repeats the same large
// segments forever, while small packets pass. Linux probes for a size that passes only if
// net.ipv4.tcp_mtu_probing is set (RFC 4821), which is host-wide and off by default. The segment
// size of an open connection cannot be reduced: TCP_MAXSEG (tcp(7)) works before connect(), there
// for both directions and for IPv4 and IPv6. So such a connection is replaced by a new one.
//
// Rejected: IPv4 fragmentation on the way (IP_PMTUDISC_DONT). It would repair an open connection,
// but doubles its packets from then on, and IPv6 has nothing like it.
//
// Loop thread only; the time is passed in.
#pragma once

#include "daemon/io/loop.hpp"
#include "daemon/io/path_info.hpp"

#include <map>
#include <string>

namespace p2pd::net {

// Sent data is lost: the first segment was retransmitted several times without success, while the
// other host still sends.
bool sends_into_hole(const io::PathInfo& path);

// Received data is lost: the host has acknowledged a ping, but no answer to it has come for this
// long, and nothing else either.
bool receives_through_hole(const io::PathInfo& path, io::Clock::duration owed);

// The segment sizes for hosts behind such a path. Entries expire after an hour, because paths
// change.
class SegmentSizes final {
 public:
  // In bytes, for a host's address without port; 0: the device's default.
  int size_for(const std::string& host, io::Time now) const;
  // Uses the next smaller size from now on; false if there is none.
  bool shrink(const std::string& host, io::Time now);

  template <class Use>
  void each(io::Time now, Use&& use) const {
    for (const auto& [host, entry] : hosts_)
      if (entry.until > now) use(host);
  }

 private:
  struct Entry {
    int size = 0;
    io::Time until{};
  };
  std::map<std::string, Entry> hosts_;
};

} // namespace p2pd::net
