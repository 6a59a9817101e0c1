// The addresses of this machine's network interfaces that are up. Any thread; each call asks the
// kernel (getifaddrs(3)). Errors: if that fails, for example without a free descriptor, the
// addresses are unknown, which differs from there being none.
#pragma once

#include "daemon/io/endpoint.hpp"

#include <optional>
#include <vector>

namespace p2pd::io {

// Including loopback; link-local IPv6 addresses with their zone. Nothing if they are unknown.
std::optional<std::vector<Endpoint>> interface_addresses(std::uint16_t port);
// Whether it is reached without a router: it is this machine, link-local, or in the network of one
// of the interfaces. What is unknown counts as outside: an address of no IP family (of a closed
// socket), an interface whose network is unknown, and every address while the kernel does not list
// the interfaces. So limits that exempt the own network (limits.lan_exempt) apply when in doubt.
bool on_own_network(const Endpoint& remote);
// Whether a remote address is in the network of one of this machine's addresses. A mask without
// bits means that the network is unknown, not that it is the whole Internet. Pure.
bool in_network(const Endpoint& remote, const Endpoint& own, const Endpoint& mask);
// The addresses to dial for one. A link-local IPv6 address without a zone (RFC 4007) becomes one
// address for each link of this machine, because whoever announced it cannot know this machine's
// zones; any other stays as it is.
std::vector<Endpoint> in_own_zones(const Endpoint& address);

} // namespace p2pd::io
