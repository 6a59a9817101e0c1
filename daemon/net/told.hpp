// A node as announced by another one, reduced to the addresses that may be dialled. Pure. Thread:
// any.
#pragma once

#include "daemon/io/endpoint.hpp"
#include "proto/link_messages.hpp"

namespace p2pd::net {

struct Told {
  proto::PeerInfo node;
  std::uint64_t by = 0; // the network() of the announcer's address as seen from here

  Told() = default;
  // `teller`: the announcer's address as seen from here.
  Told(const proto::PeerInfo& info, const io::Endpoint& teller);
};

// Whether a node seen at `teller` may make this node dial that address: it must be a host's numeric
// address, since a name would have to be looked up, of a scope that both are in, and with a port.
// Multicast, broadcast and unspecified addresses are refused.
bool may_be_told(const io::Endpoint& address, const io::Endpoint& teller);
bool may_be_told(std::string_view address, const io::Endpoint& teller);

} // namespace p2pd::net
