#include "daemon/io/interfaces.hpp"

#include <algorithm>
#include <span>
#include <uv.h>

namespace p2pd::io {

namespace {

// Whether the kernel told them.
template <class Use>
bool each_interface(Use&& use) {
  uv_interface_address_t* list = nullptr;
  int count = 0;
  if (uv_interface_addresses(&list, &count) < 0) return false;
  for (int i = 0; i < count; ++i) use(list[i]);
  uv_free_interface_addresses(list, count);
  return true;
}

std::span<const std::uint8_t> bytes_of(const Endpoint& endpoint) {
  if (endpoint.v6())
    return reinterpret_cast<const sockaddr_in6&>(endpoint.address()).sin6_addr.s6_addr;
  const auto& v4 = reinterpret_cast<const sockaddr_in&>(endpoint.address());
  return {reinterpret_cast<const std::uint8_t*>(&v4.sin_addr), sizeof v4.sin_addr};
}

} // namespace

std::optional<std::vector<Endpoint>> interface_addresses(std::uint16_t port) {
  std::vector<Endpoint> endpoints;
  const bool known = each_interface([&](const uv_interface_address_t& interface) {
    sockaddr_in6 address = interface.address.address6; // large enough for either family
    address.sin6_port = htons(port);
    endpoints.emplace_back(reinterpret_cast<const sockaddr&>(address));
  });
  if (!known) return std::nullopt;
  return endpoints;
}

bool in_network(const Endpoint& remote, const Endpoint& own, const Endpoint& mask) {
  const auto family = remote.address().sa_family;
  if (family != AF_INET && family != AF_INET6) return false;
  if (own.address().sa_family != family) return false;
  const auto theirs = bytes_of(remote);
  const auto ours = bytes_of(own);
  if (std::ranges::equal(theirs, ours)) return true;
  if (mask.address().sa_family != family || mask.unspecified()) return false;
  const auto bits = bytes_of(mask);
  for (std::size_t i = 0; i < bits.size(); ++i)
    if (((theirs[i] ^ ours[i]) & bits[i]) != 0) return false;
  return true;
}

bool on_own_network(const Endpoint& remote) {
  // Not to ask the kernel for all interfaces.
  if (remote.loopback() || remote.link_local()) return true;
  bool found = false;
  each_interface([&](const uv_interface_address_t& interface) {
    const Endpoint own(reinterpret_cast<const sockaddr&>(interface.address));
    const Endpoint mask(reinterpret_cast<const sockaddr&>(interface.netmask));
    found = found || in_network(remote, own, mask);
  });
  return found;
}

std::vector<Endpoint> in_own_zones(const Endpoint& address) {
  if (!address.v6() || !address.link_local() || address.zone() != 0) return {address};
  std::vector<Endpoint> found;
  const auto addresses = interface_addresses(0);
  if (!addresses) return {address};
  for (const Endpoint& own : *addresses) {
    if (!own.v6() || !own.link_local()) continue;
    const Endpoint there = address.in_zone(own.zone());
    if (std::ranges::find(found, there) == found.end()) found.push_back(there);
  }
  return found.empty() ? std::vector{address} : found;
}

} // namespace p2pd::io
