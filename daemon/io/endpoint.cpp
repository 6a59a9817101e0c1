#include "daemon/io/endpoint.hpp"

#include <cstring>
#include <stdexcept>
#include <uv.h>

namespace p2pd::io {

static_assert(sizeof(sockaddr_in) <= sizeof(sockaddr_in6));

namespace {

// IPv4 addresses that an IPv6 socket saw ("::ffff:192.0.2.1") are IPv4 addresses.
std::optional<in_addr> mapped_v4(const in6_addr& address) {
  if (!IN6_IS_ADDR_V4MAPPED(&address)) return std::nullopt;
  in_addr v4;
  std::memcpy(&v4, address.s6_addr + 12, sizeof v4);
  return v4;
}

} // namespace

Endpoint::Endpoint(const sockaddr& address) {
  std::memcpy(&storage_, &address,
              address.sa_family == AF_INET6 ? sizeof(sockaddr_in6) : sizeof(sockaddr_in));
  if (!v6()) return;
  if (const auto v4 = mapped_v4(storage_.sin6_addr)) {
    sockaddr_in plain{};
    plain.sin_family = AF_INET;
    plain.sin_port = storage_.sin6_port;
    plain.sin_addr = *v4;
    storage_ = {};
    std::memcpy(&storage_, &plain, sizeof plain);
  }
}

std::optional<Endpoint> Endpoint::from(const base::HostPort& at) {
  sockaddr_in v4{};
  if (uv_ip4_addr(at.host.c_str(), at.port, &v4) == 0)
    return Endpoint(reinterpret_cast<const sockaddr&>(v4));
  sockaddr_in6 v6{};
  if (uv_ip6_addr(at.host.c_str(), at.port, &v6) == 0)
    return Endpoint(reinterpret_cast<const sockaddr&>(v6));
  return std::nullopt;
}

std::optional<Endpoint> Endpoint::parse(std::string_view text) try {
  return from(base::parse_dial_address(text));
} catch (const std::invalid_argument&) {
  return std::nullopt;
}

// sin_port and sin6_port stand at the same offset.
std::uint16_t Endpoint::port() const {
  return ntohs(storage_.sin6_port);
}

Endpoint Endpoint::with_port(std::uint16_t port) const {
  Endpoint other = *this;
  other.storage_.sin6_port = htons(port);
  return other;
}

bool Endpoint::loopback() const {
  if (v6()) return IN6_IS_ADDR_LOOPBACK(&storage_.sin6_addr);
  return ntohl(reinterpret_cast<const sockaddr_in&>(storage_).sin_addr.s_addr) >> 24 == 127;
}

bool Endpoint::unspecified() const {
  if (v6()) return IN6_IS_ADDR_UNSPECIFIED(&storage_.sin6_addr);
  return reinterpret_cast<const sockaddr_in&>(storage_).sin_addr.s_addr == INADDR_ANY;
}

bool Endpoint::link_local() const {
  if (v6()) return IN6_IS_ADDR_LINKLOCAL(&storage_.sin6_addr);
  return ntohl(reinterpret_cast<const sockaddr_in&>(storage_).sin_addr.s_addr) >> 16 == 0xa9fe;
}

// 0.0.0.0/8 and what is above 224.0.0.0 (RFC 6890) are no hosts'.
bool Endpoint::of_one_host() const {
  if (v6()) return !unspecified() && !IN6_IS_ADDR_MULTICAST(&storage_.sin6_addr);
  const std::uint32_t first =
      ntohl(reinterpret_cast<const sockaddr_in&>(storage_).sin_addr.s_addr) >> 24;
  return first > 0 && first < 224;
}

std::uint32_t Endpoint::zone() const {
  return v6() && link_local() ? storage_.sin6_scope_id : 0;
}

Endpoint Endpoint::in_zone(std::uint32_t zone) const {
  Endpoint other = *this;
  if (v6()) other.storage_.sin6_scope_id = zone;
  return other;
}

std::string Endpoint::host() const {
  char name[64] = "?";
  uv_ip_name(&address(), name, sizeof name);
  char device[UV_IF_NAMESIZE];
  std::size_t size = sizeof device;
  if (zone() != 0 && uv_if_indextoname(zone(), device, &size) == 0)
    return std::string(name) + '%' + device;
  return name;
}

// No host has an IPv6 address whose first 32 bits are zero, so the two never meet (but for ::1).
std::uint64_t Endpoint::network() const {
  std::uint64_t prefix = 0;
  if (v6())
    std::memcpy(&prefix, storage_.sin6_addr.s6_addr, sizeof prefix);
  else
    prefix = reinterpret_cast<const sockaddr_in&>(storage_).sin_addr.s_addr;
  return v6() ? be64toh(prefix) : prefix;
}

std::uint64_t Endpoint::site() const {
  constexpr std::uint64_t low = 0xffff; // of an address's first 64 bits
  return v6() ? network() & ~low : network() & ntohl(0xffffff00);
}

std::string Endpoint::text() const {
  return (v6() ? '[' + host() + ']' : host()) + ':' + std::to_string(port());
}

} // namespace p2pd::io
