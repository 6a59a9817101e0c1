// The addresses of this machine's network interfaces that are up. Any thread; each call asks the
// kernel (getifaddrs(3)). Errors: where it does not tell, as without a free descriptor, the
// addresses are unknown, which is not the same as that there are none.
#pragma once

#include "daemon/io/endpoint.hpp"

#include <optional>
#include <vector>

namespace p2pd::io {

// Loopback included; link-local IPv6 addresses with their zone. Nothing where they are unknown.
std::optional<std::vector<Endpoint>> interface_addresses(std::uint16_t port);
// Whether no router stands between: it is in the network of one of the interfaces.
bool on_own_network(const Endpoint& remote);
// What to dial for an address. A link-local IPv6 address without a zone (RFC 4007) stands for
// itself on each link of this machine, since whoever told it cannot know this machine's zones; any
// other stands for itself.
std::vector<Endpoint> in_own_zones(const Endpoint& address);

} // namespace p2pd::io
