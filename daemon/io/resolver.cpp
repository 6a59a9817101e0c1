#include "daemon/io/resolver.hpp"

#include <span>
#include <utility>

namespace p2pd::io {

Resolver::Resolver(Loop& loop, Found found) : loop_(loop), found_(found) {}

void Resolver::look_up(const base::HostPort& name) {
  cancel();
  running_ = true;
  port_ = name.port;
  if (const auto literal = Endpoint::from(name))
    loop_.names().answer_later(*this, {{*literal}, {}, false});
  else
    loop_.names().ask(*this, name.host);
}

void Resolver::cancel() {
  if (std::exchange(running_, false)) loop_.names().forget(*this);
}

void Resolver::take(NameAnswer answer) {
  running_ = false;
  for (Endpoint& endpoint : answer.endpoints) endpoint = endpoint.with_port(port_);
  found_(std::move(answer.endpoints), answer.failure);
}

namespace {

template <class Use>
void each_interface(Use&& use) {
  uv_interface_address_t* list = nullptr;
  int count = 0;
  if (uv_interface_addresses(&list, &count) < 0) return;
  for (int i = 0; i < count; ++i) use(list[i]);
  uv_free_interface_addresses(list, count);
}

std::span<const std::uint8_t> bytes_of(const sockaddr_in6& address) {
  const auto& v4 = reinterpret_cast<const sockaddr_in&>(address);
  return address.sin6_family == AF_INET6
             ? std::span<const std::uint8_t>(address.sin6_addr.s6_addr)
             : std::span(reinterpret_cast<const std::uint8_t*>(&v4.sin_addr), sizeof v4.sin_addr);
}

} // namespace

std::vector<Endpoint> interface_addresses(std::uint16_t port) {
  std::vector<Endpoint> endpoints;
  each_interface([&](const uv_interface_address_t& interface) {
    sockaddr_in6 address = interface.address.address6; // large enough for either family
    address.sin6_port = htons(port);
    endpoints.emplace_back(reinterpret_cast<const sockaddr&>(address));
  });
  return endpoints;
}

bool on_own_network(const Endpoint& remote) {
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

} // namespace p2pd::io
