// A UDP socket: small packets in, small packets out, with no promise that one arrives. Member of
// the object it calls. Loop thread only.
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

  // Sends only. Throws std::system_error, as does the next.
  Datagrams(Loop& loop, bool v6);
  // Receives what is sent to this address, as may other sockets of this machine.
  Datagrams(Loop& loop, const Endpoint& at, Received received);
  Datagrams(const Datagrams&) = delete;
  Datagrams& operator=(const Datagrams&) = delete;

  void send(Packet packet, const Endpoint& to); // one that cannot be sent now is dropped

 private:
  void open(Loop& loop, const Endpoint& at, unsigned flags);

  std::optional<Received> received_;
  std::array<char, 2048> buffer_;
  Owned<uv_udp_t> handle_;
};

// Where the packets go that all hosts of the own networks are to get: the broadcast address of each
// IPv4 interface, and all nodes of the link (RFC 4291) of each one with IPv6. Loopback is left out.
struct Neighbourhood {
  Endpoint own; // the address of the interface
  Endpoint all; // of those around it
};
std::vector<Neighbourhood> neighbourhoods(std::uint16_t port);

} // namespace p2pd::io
