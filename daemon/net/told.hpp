// A node as another one has told of it: its addresses are data, of which those are kept that may be
// dialled at all. Pure. Thread: any.
#pragma once

#include "daemon/io/endpoint.hpp"
#include "proto/link_messages.hpp"

namespace p2pd::net {

struct Told {
  proto::PeerInfo node;
  std::uint64_t by = 0; // the network() of the address at which the teller is seen

  Told() = default;
  // `teller`: where it is seen.
  Told(const proto::PeerInfo& info, const io::Endpoint& teller);
};

// Whether who is seen at `teller` may have this node dial that address: one of a host, and no name,
// which would have to be looked up; of a scope that both are in; and with a port. Nobody may have
// it dial many at once (multicast, broadcast) or none (0.0.0.0).
bool may_be_told(const io::Endpoint& address, const io::Endpoint& teller);
bool may_be_told(std::string_view address, const io::Endpoint& teller);

} // namespace p2pd::net
