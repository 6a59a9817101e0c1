#include "daemon/io/resolver.hpp"

#include "daemon/io/error.hpp"

#include <netdb.h>
#include <span>

namespace p2pd::io {

namespace {

struct Answer {
  std::vector<Endpoint> endpoints;
  std::error_code failure;
};

class NameCategory : public std::error_category {
 public:
  const char* name() const noexcept override { return "resolver"; }
  std::string message(int code) const override { return gai_strerror(code); }
};

const NameCategory names;

Answer ask(const base::HostPort& name) {
  if (const auto literal = Endpoint::from(name)) return {{*literal}, {}};
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* list = nullptr;
  const int code = getaddrinfo(name.host.c_str(), std::to_string(name.port).c_str(), &hints, &list);
  if (code != 0) return {{}, {code, names}};
  Answer answer;
  for (const addrinfo* at = list; at != nullptr; at = at->ai_next)
    if (at->ai_family == AF_INET || at->ai_family == AF_INET6)
      answer.endpoints.emplace_back(*at->ai_addr);
  freeaddrinfo(list);
  return answer;
}

} // namespace

void Resolver::look_up(const base::HostPort& name) {
  job_ = run(
      loop_, [name] { return ask(name); },
      [this](Answer answer) { found_(std::move(answer.endpoints), answer.failure); });
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
