// An IP address and port. A value; any thread.
#pragma once

#include "daemon/base/config_address.hpp"

#include <netinet/in.h>
#include <optional>
#include <string>
#include <string_view>

namespace p2pd::io {

class Endpoint {
 public:
  Endpoint() = default;
  explicit Endpoint(const sockaddr& address);

  // Nothing if the host is a name instead of a literal address.
  static std::optional<Endpoint> from(const base::HostPort& address);
  // "192.0.2.1:7440" or "[2001:db8::1]:7440".
  static std::optional<Endpoint> parse(std::string_view text);

  const sockaddr& address() const { return reinterpret_cast<const sockaddr&>(storage_); }
  std::uint16_t port() const;
  Endpoint with_port(std::uint16_t port) const;
  bool v6() const { return storage_.sin6_family == AF_INET6; }
  bool loopback() const;
  bool unspecified() const; // 0.0.0.0 or ::
  bool link_local() const;
  bool of_one_host() const; // not unspecified, multicast, broadcast or reserved
  // The interface index of a link-local IPv6 address; 0: none given, or another kind of address.
  // Meaningful on this machine only.
  std::uint32_t zone() const;
  Endpoint in_zone(std::uint32_t zone) const; // 0: in none
  std::string host() const; // without brackets and port; with the zone if it is link-local
  // Equal for addresses that usually belong to one host: an IPv4 address by itself, an IPv6 address
  // by its /64 network.
  std::uint64_t network() const;
  // Likewise for one organisation: the /24 network of IPv4, the /48 of IPv6.
  std::uint64_t site() const;
  std::string text() const; // as parse() reads it

  bool operator==(const Endpoint& other) const { return text() == other.text(); }

 private:
  sockaddr_in6 storage_{}; // holds a sockaddr_in as well
};

} // namespace p2pd::io
