// A UDP socket: small packets in and out, best effort. Member of the object it calls. Loop thread
// only.
#pragma once

#include "daemon/io/endpoint.hpp"
#include "daemon/io/loop.hpp"

#include <array>
#include <optional>
#include <span>
#include <vector>

namespace p2pd::io {

class Datagrams final {
 public:
  using Packet = std::span<const std::uint8_t>; // valid during the call
  using Received = Bound<void(Packet, const Endpoint& from)>;

  // Send-only. Throws std::system_error; so does the next.
  Datagrams(Loop& loop, bool v6);
  // Receives on this address; other sockets of this machine may be bound to it as well.
  Datagrams(Loop& loop, const Endpoint& at, Received received);
  Datagrams(const Datagrams&) = delete;
  Datagrams& operator=(const Datagrams&) = delete;

  void send(Packet packet, const Endpoint& to); // dropped if it cannot be sent now

 private:
  void open(Loop& loop, const Endpoint& at, unsigned flags);

  std::optional<Received> received_;
  std::array<char, 2048> buffer_;
  Owned<uv_udp_t> handle_;
};

// Destinations that reach all hosts of the local networks: the broadcast address of each IPv4
// interface, and the all-nodes multicast address (RFC 4291) of each interface with IPv6. Without
// loopback.
struct Neighbourhood {
  Endpoint own; // the address of the interface
  Endpoint all; // broadcast or multicast
};
std::vector<Neighbourhood> neighbourhoods(std::uint16_t port);

} // namespace p2pd::io
