// The beacon with which a tracker announces itself on its LAN, so that peers with the network
// secret need no address. See p2p-protocol(7).
//
//   | nonce, 24, random | XChaCha20-Poly1305 of [version, tracker, port, [address, ...]] | tag, 16
//   |
//
// The key is a hash of the network secret: without it one sees only that there is a tracker, and
// cannot forge a beacon. A replayed one can only name a tracker that then has to prove its key in
// the handshake.
//
// Thread: any; values only. sodium_init() must have run.
#pragma once

#include "proto/fields.hpp"
#include "proto/noise_keys.hpp"

#include <optional>

namespace p2pd::proto {

constexpr std::uint16_t beacon_port = 7440; // UDP, regardless of the nodes' TCP ports
constexpr std::size_t max_beacon = 1400;    // bytes; fits into one packet everywhere

struct Beacon {
  PeerId tracker;
  std::uint16_t port = 0;       // at the address that the datagram comes from
  List<Address, 4> addresses{}; // to be dialled before that one; from its config
};

Bytes seal_beacon(const Beacon& beacon, const noise::Psk& secret);
// Nothing if it was not sealed with this secret, or is of another version.
std::optional<Beacon> open_beacon(View datagram, const noise::Psk& secret);

} // namespace p2pd::proto
