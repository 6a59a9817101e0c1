// The beacon by which a tracker makes itself known on its LAN, so that peers which have the network
// secret need not be told an address. See p2p-protocol(7).
//
//   | nonce, 24, random | XChaCha20-Poly1305 of [version, tracker, port, [address, ...]] | tag, 16
//   |
//
// The key is a hash of the network secret: who does not have it sees that there is a tracker, and
// nothing else, and cannot forge one. An old beacon that is sent again can only name a tracker that
// then has to prove its key in the handshake.
//
// Thread: any; values only. sodium_init() must have run.
#pragma once

#include "proto/fields.hpp"
#include "proto/noise_keys.hpp"

#include <optional>

namespace p2pd::proto {

constexpr std::uint16_t beacon_port = 7440; // UDP, whatever port the nodes listen on
constexpr std::size_t max_beacon = 1400;    // bytes; it is one packet everywhere

struct Beacon {
  PeerId tracker;
  std::uint16_t port = 0;       // at the address that the datagram comes from
  List<Address, 4> addresses{}; // where to dial it before that one, if its config names any
};

Bytes seal_beacon(const Beacon& beacon, const noise::Psk& secret);
// Nothing where it was not sealed with this secret, or is of another version.
std::optional<Beacon> open_beacon(View datagram, const noise::Psk& secret);

} // namespace p2pd::proto
