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

std::span<const std::uint8_t> bytes_of(const sockaddr_in6& address) {
  const auto& v4 = reinterpret_cast<const sockaddr_in&>(address);
  return address.sin6_family == AF_INET6
             ? std::span<const std::uint8_t>(address.sin6_addr.s6_addr)
             : std::span(reinterpret_cast<const std::uint8_t*>(&v4.sin_addr), sizeof v4.sin_addr);
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

bool on_own_network(const Endpoint& remote) {
  if (remote.loopback()) return true; // without asking the kernel for all interfaces
  const auto& address = reinterpret_cast<const sockaddr_in6&>(remote.address());
  const auto theirs = bytes_of(address);
  bool found = false;
  each_interface([&](const uv_interface_address_t& interface) {
    if (interface.address.address6.sin6_family != address.sin6_family) return;
    const auto ours = bytes_of(interface.address.address6);
    const auto mask = bytes_of(interface.netmask.netmask6);
    bool same = true;
    for (std::size_t i = 0; i < ours.size(); ++i)
      same = same && (ours[i] & mask[i]) == (theirs[i] & mask[i]);
    found = found || same;
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
