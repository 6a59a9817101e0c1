// Whether the path of a connection loses large packets: a leg on the way has a smaller MTU, and the
// ICMP message that would say so (RFC 1191, RFC 8201) is filtered or never sent. TCP repeats the
// same large segments for ever then, while all that is small passes. Linux finds a size that does
// pass only where net.ipv4.tcp_mtu_probing is set (RFC 4821), for the whole host and off by
// default. An open connection takes no smaller segments: TCP_MAXSEG (tcp(7)) counts before
// connect(), and there for both directions, with IPv4 and IPv6 alike. So such a connection is made
// anew.
//
// Not done: to have IPv4 fragment on the way (IP_PMTUDISC_DONT). That would mend a connection while
// it is open, and cost two packets for each from then on; IPv6 has no such way.
//
// Loop thread only; the time is passed in.
#pragma once

#include "daemon/io/loop.hpp"
#include "daemon/io/path_info.hpp"

#include <map>
#include <string>

namespace p2pd::net {

// What this node sends is lost: the first segment was repeated several times in vain, while the
// other host still sends.
bool sends_into_hole(const io::PathInfo& path);

// What the other side sends is lost: its host has acknowledged a ping that it owes an answer to for
// so long, and nothing at all has come since.
bool receives_through_hole(const io::PathInfo& path, io::Clock::duration owed);

// The size of segments for hosts behind such a path. It is forgotten after an hour, as paths
// change.
class SegmentSizes final {
 public:
  // In bytes, for a host's address without a port; 0: as large as the device allows.
  int size_for(const std::string& host, io::Time now) const;
  // The next smaller size from now on; false where there is none.
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
